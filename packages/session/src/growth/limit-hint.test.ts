import type { Growth } from '@firstchance/model';
import { describe, expect, it } from 'vitest';
import { withLimitHint } from './limit-hint.ts';

const growth: Growth = {
  ...{ channel: 'instances', type: 'Shop.Session', perOperation: 1, low: 1, high: 1, fingerprint: '' },
  ...{ pattern: 'static-collection', cure: 'Remove it.', series: [3, 900, 12_300] },
};

describe('the hint at a limit that was not reached', () => {
  it('names how many lived at the end', () => {
    expect(withLimitHint(growth).cure).toBe(
      'Remove it. If it is a cache with a limit above 12300, the operations did not come so far: --surge COUNT does more.',
    );
  });

  it('says what tells of that which grows with time', () => {
    expect(withLimitHint({ ...growth, follows: 'time' }).cure).toBe(
      'Remove it. If it fills up to a limit above 12300 and stays so, --idle TIME waits until it is full.',
    );
  });

  it('of the array of a collection says that more operations tell: how many are in it is not known', () => {
    const array = { ...growth, channel: 'managedBytes', type: 'System.Int64[]' } as const;
    expect(withLimitHint(array).cure).toBe(
      'Remove it. If it is a buffer or cache with a limit, it may just have been filling up: --surge COUNT with more than the limit tells.',
    );
    expect(withLimitHint({ ...array, follows: 'time' }).cure).toBe('Remove it.');
    expect(withLimitHint({ ...array, pattern: 'event-handler' }).cure).toBe('Remove it.');
    const { cure: _, ...text } = { ...array, type: 'System.Char[]', pattern: null };
    expect(withLimitHint(text).cure).toMatch(/^If it is a buffer or cache with a limit/);
    expect(withLimitHint({ ...growth, pattern: null }).cure).toBe('Remove it.');
  });

  it.each<[string, Partial<Growth>]>([
    ['what no collection keeps', { pattern: 'event-handler' }],
    ['what follows rounds', { follows: 'round' }],
    ['all bytes', { channel: 'managedBytes', type: undefined as never }],
    ['unknown levels', { series: undefined as never }],
  ])('says nothing of %s', (_, other) => {
    expect(withLimitHint({ ...growth, ...other }).cure).toBe('Remove it.');
  });
});
