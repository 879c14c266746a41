import type { GrowthFinding } from '@firstchance/growth';
import type { NativeGrowth, NativeOwner } from '@firstchance/heap';
import { describe, expect, it } from 'vitest';
import { nativeKinds, withNativeBytes, withNativeOwner } from './native-owner.ts';
import type { ClassedGrowth } from './order-growth.ts';

const OPERATIONS = 100;
const finding: GrowthFinding & { fingerprint: string } = {
  ...{ channel: 'mallocBytes', follows: 'operation', perOperation: 4000, bytesPerOperation: 4000 },
  ...{ low: 3900, high: 4100, fingerprint: 'channel' },
};
const buffer: NativeOwner = {
  ...{ type: 'Shop.Buffer', module: 'Shop.dll', class: 'own', objects: 100, bytes: 390_000, sureBytes: 390_000 },
  ...{ path: ['static Shop.Store.s_buffers', 'List<Buffer>', 'Buffer[]', 'Buffer'], keptBy: null, heldBy: null },
  fingerprint: 'path',
};
const thread: NativeOwner = {
  ...{ ...buffer, type: 'System.Threading.Thread', class: 'plumbing', objects: 0, bytes: 100_000, sureBytes: 0 },
};
const grown = (owners: readonly NativeOwner[], unheldBytes = 0, why = ''): NativeGrowth => ({
  ...{ bytes: 400_000, unheldBytes, owners, why },
});
const say = (growth: NativeGrowth) => withNativeOwner(finding, growth, OPERATIONS, 'Dispose it.');

describe('who holds native memory that grows', () => {
  it('is the type whose objects hold about half of it or more', () => {
    expect(say(grown([buffer]))).toEqual({
      growth: {
        ...finding,
        ...{ type: 'Shop.Buffer', module: 'Shop.dll', path: buffer.path, pattern: 'native-owner', cure: 'Dispose it.' },
        fingerprint: 'path',
        nativeOwner: {
          ...{ by: 'type', share: 0.975 },
          says: 'objects of Shop.Buffer point to 98 % of what was added',
        },
      },
      class: 'own',
    });
  });

  it('is said to be likely where other native memory lies between', () => {
    const says = say(grown([{ ...buffer, bytes: 200_000, sureBytes: 1000 }], 120_000))?.growth.nativeOwner?.says;
    expect(says).toBe(
      'objects of Shop.Buffer lead to 50 % of what was added through other native memory, which makes it likely, not certain; no managed object points to 30 %',
    );
  });

  it('hangs on the type that grows, when objects were added', () => {
    const held = { ...buffer, heldBy: 'Shop.Picture', keptBy: 'Shop.Picture' };
    expect(say(grown([held]))).toMatchObject({ growth: { heldBy: 'Shop.Picture' }, class: undefined });
    const same = say(grown([{ ...held, objects: 0 }]));
    expect(same?.growth.heldBy).toBeUndefined();
    expect(same?.class).toBe('own');
  });

  it('is nobody where no managed object leads to it, which is an answer', () => {
    const lost = say(grown([thread], 300_000));
    expect(lost?.growth).toMatchObject({ fingerprint: 'channel', nativeOwner: { by: 'nothing', share: 0.75 } });
    expect(lost?.growth.type).toBeUndefined();
    expect(lost?.growth.cure).toMatch(/SafeHandle/);
    expect(lost?.growth.nativeOwner?.says).toBe(
      'no managed object points to it: it is lost, or native code owns it; System.Threading.Thread has 25 %',
    );
    expect(say(grown([], 400_000, 'it took longer than 3000 ms'))?.growth.nativeOwner?.says).toBe(
      'no managed object was found that points to it; not all was looked at: it took longer than 3000 ms',
    );
  });

  it('is several where none has half', () => {
    const owners = [{ ...buffer, bytes: 120_000 }, thread];
    expect(say(grown(owners, 100_000))?.growth.nativeOwner).toEqual({
      ...{ by: 'several', share: 0.3 },
      says: 'no one type holds half of it: Shop.Buffer 30 %, System.Threading.Thread 25 %, no managed object 25 %',
    });
  });

  it('is not known where the blocks do not account for the growth', () => {
    expect(say({ ...grown([buffer]), bytes: 150_000 })).toBeUndefined();
    expect(say({ ...grown([]), bytes: -1 })).toBeUndefined();
    const mappings = { ...finding, channel: 'mappings', perOperation: 2 };
    expect(withNativeOwner(mappings, grown([buffer]), OPERATIONS, '')?.growth.type).toBe('Shop.Buffer');
    expect(withNativeOwner({ ...mappings, perOperation: 4 }, grown([buffer]), OPERATIONS, '')).toBeUndefined();
    const byTime: typeof finding = { ...finding, follows: 'time', perOperation: 1e9 };
    expect(withNativeOwner(byTime, grown([buffer]), OPERATIONS, '')?.growth.type).toBe('Shop.Buffer');
  });

  it('is asked of native memory only', () => {
    expect(nativeKinds(finding)).toEqual(['malloc']);
    expect(nativeKinds({ ...finding, channel: 'privateBytes.other' })).toEqual(['anonymous']);
    expect(nativeKinds({ ...finding, channel: 'managedBytes' })).toBeUndefined();
    expect(nativeKinds({ ...finding, channel: 'fileDescriptors' })).toBeUndefined();
    expect(nativeKinds({ ...finding, type: 'Shop.Buffer' })).toBeUndefined();
  });
});

it('types that grow are told how much native memory comes with them, all that hold each other', () => {
  const instances = (type: string, heldBy?: string): ClassedGrowth => ({
    growth: { ...finding, channel: 'instances', type, perOperation: 1, ...(heldBy === undefined ? {} : { heldBy }) },
    class: 'own',
  });
  const native = (channel: string): ClassedGrowth => ({
    growth: { ...finding, channel, heldBy: 'Shop.Handle', nativeOwner: { by: 'type', share: 0.5, says: '' } },
    class: undefined,
  });
  const told = withNativeBytes([
    ...[instances('Shop.Picture', 'Shop.Handle'), instances('Shop.Handle', 'Shop.Picture'), instances('Shop.Other')],
    ...[native('mallocBytes'), native('privateBytes.other'), native('mappings')],
  ]);
  expect(told.map(({ growth }) => growth.nativeBytesPerOperation)).toEqual([
    ...[4000, 4000],
    ...[undefined, undefined, undefined, undefined],
  ]);
});
