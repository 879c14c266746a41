import type { NativeSite } from '@firstchance/engine';
import type { GrowthFinding } from '@firstchance/growth';
import type { Growth } from '@firstchance/model';
import { describe, expect, it } from 'vitest';
import { mixed } from '../testing/mixed-frames.ts';
import { withNativeOwners } from './with-native-owners.ts';

const KB = 2 ** 10;

function site(resource: NativeSite['resource'], count: number, bytes: number, stack: string): NativeSite {
  return { resource, samples: count, count, bytes, frames: stack === '' ? [] : mixed(stack) };
}

/** Of a channel that grows by so much per operation, of which 100 were done; or per second, of which 4 went by. */
async function owned(channel: string, perOperation: number, sites: NativeSite[], more: Partial<GrowthFinding> = {}) {
  const finding: GrowthFinding = {
    ...{ channel, type: null, perOperation, low: perOperation, high: perOperation, follows: 'operation', ...more },
  };
  const growth: Growth = { channel, perOperation, low: perOperation, high: perOperation, fingerprint: 'f00d' };
  const notes: string[] = [];
  const report = { samples: 9, survivors: 9, full: false, complete: true, nativeSites: sites };
  const sample = { report, operations: 100, seconds: 4 };
  const context = { locator: undefined, note: (text: string) => void notes.push(text) };
  const [named] = await withNativeOwners([growth], [finding], sample, context);
  return { owner: named?.owner, share: named?.ownerShare, cure: named?.cure, notes };
}

describe('the owner of native memory', () => {
  it('is the stack that took at least half of what the rate says, with its share', async () => {
    const cut = site('block', 100, 85 * KB, 'libSystem.Native.so!SystemNative_Malloc System.Alloc Shop.Cut Shop.Main');
    const other = site('block', 10, 10 * KB, 'Shop.Other Shop.Main');
    expect(await owned('mallocBytes', KB, [other, cut])).toMatchObject({
      ...{ owner: ['Shop.Cut', 'Shop.Main'], share: 0.85, notes: [] },
    });
  });

  it('is told with what helps, also where it is not known who holds the memory', async () => {
    const cut = site('block', 100, 85 * KB, 'Shop.Cut');
    expect((await owned('mallocBytes', KB, [cut])).cure).toMatch(/^Free what is allocated/);
    expect((await owned('mallocBytes', 10 * KB, [cut])).cure).toBeUndefined();
  });

  it('is nobody, and that is said, where nobody took half', async () => {
    const sites = [site('block', 40, 40 * KB, 'Shop.A'), site('block', 30, 30 * KB, 'Shop.B')];
    const { owner, share, notes } = await owned('mallocBytes', KB, sites);
    expect({ owner, share }).toEqual({ owner: undefined, share: undefined });
    expect(notes).toEqual([
      'no single stack allocates half of what grows in native heap (malloc): most is Shop.A with 40 %',
    ]);
    expect((await owned('mallocBytes', KB, [])).notes).toEqual([
      'no single stack allocates half of what grows in native heap (malloc): none was seen',
    ]);
  });

  it('puts stacks together that differ in the platform alone', async () => {
    const sites = [
      site('block', 40, 40 * KB, 'libc.so.6!malloc System.A Shop.Cut'),
      site('block', 40, 40 * KB, 'libc.so.6!calloc System.B System.C Shop.Cut'),
    ];
    expect(await owned('mallocBytes', KB, sites)).toMatchObject({ owner: ['Shop.Cut'], share: 0.8 });
  });

  it('tells functions of one library apart', async () => {
    const sites = [
      site('block', 40, 40 * KB, 'libz.so.1!open Shop.Main'),
      site('block', 60, 60 * KB, 'libz.so.1!copy Shop.Main'),
    ];
    expect(await owned('mallocBytes', KB, sites)).toMatchObject({ owner: ['libz.so.1!copy', 'Shop.Main'], share: 0.6 });
  });

  it('does not take a function for another that calls it', async () => {
    const sites = [
      site('block', 45, 45 * KB, 'libz.so.1!open Shop.Main'),
      site('block', 45, 45 * KB, 'libz.so.1!copy libz.so.1!open Shop.Main'),
    ];
    expect((await owned('mallocBytes', KB, sites)).owner).toBeUndefined();
  });

  it('takes for each channel what belongs to it', async () => {
    const sites = [
      site('block', 100, 100 * 200 * KB, 'Shop.LargeBlock'),
      site('anonymous', 300, 100 * KB, 'Shop.Pages'),
      site('mapped', 10, 300 * KB, 'Shop.File'),
    ];
    expect((await owned('mallocBytes', 200 * KB, sites)).owner).toEqual(['Shop.LargeBlock']);
    expect((await owned('privateBytes.other', KB, sites)).owner).toEqual(['Shop.Pages']);
    expect((await owned('mappedBytes', 3 * KB, sites)).owner).toEqual(['Shop.File']);
    const ends = [site('descriptor', 90, 0, 'Shop.Open'), site('socket', 80, 0, 'Shop.Connect')];
    expect(await owned('fileDescriptors', 1, ends)).toMatchObject({ owner: ['Shop.Open'], share: 0.9 });
    expect(await owned('sockets', 1, ends)).toMatchObject({ owner: ['Shop.Connect'], share: 0.8 });
    // Large blocks are mappings of their own.
    expect(await owned('mappings', 1, [site('block', 100, 100 * 200 * KB, 'Shop.LargeBlock')])).toMatchObject({
      ...{ owner: ['Shop.LargeBlock'], share: 1 },
    });
    expect((await owned('mappings', 4, sites)).owner).toEqual(['Shop.Pages']);
  });

  it('goes by the time where time alone lets it grow', async () => {
    const sites = [site('block', 40, 40 * KB, 'Shop.Tick')];
    const ticking = { follows: 'time', perSecond: 10 * KB } as const;
    expect(await owned('mallocBytes', 0, sites, ticking)).toMatchObject({ owner: ['Shop.Tick'], share: 1 });
  });

  it('is not looked for in channels of managed memory', async () => {
    const { owner, notes } = await owned('managedBytes', KB, [site('block', 100, 100 * KB, 'Shop.A')]);
    expect({ owner, notes }).toEqual({ owner: undefined, notes: [] });
  });
});
