import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { announceGrowthTests, isGrowthTest, repeatTest } from './repeated-tests.ts';
import type { TestKit } from './test-kit.ts';

afterEach(() => announceGrowthTests([]));

describe('tests that are repeated', () => {
  it.each([
    [['Cart > adds'], true],
    [['Cart > *'], true],
    [['*adds'], true],
    [['*'], true],
    [['nothing', '*add*'], true],
    [['adds'], false],
    [['Cart'], false],
    [['C.rt > adds'], false],
    [[], false],
  ])('%j', (patterns, expected) => {
    announceGrowthTests(patterns);
    expect(isGrowthTest(['Cart', 'adds'])).toBe(expected);
  });

  it('a pattern without a star is the title itself, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (title) => {
        announceGrowthTests([title.replaceAll('*', '+')]);
        expect(isGrowthTest([title.replaceAll('*', '+')])).toBe(true);
      }),
    );
  });
});

it('what a test finds at its first run is its own failure: nothing is checked', async () => {
  const calls: string[] = [];
  const kit = {
    expectNoGrowth: async (body: () => unknown, { name }: { name: string }) => {
      calls.push(name);
      await body();
    },
  } as unknown as TestKit;
  await expect(repeatTest(kit, ['a'], () => Promise.reject(new Error('expected 1')))).rejects.toThrow('expected 1');
  expect(calls).toEqual([]);
  await repeatTest(kit, ['Cart', 'adds'], () => calls.push('ran'));
  expect(calls).toEqual(['ran', 'Cart > adds', 'ran']);
});
