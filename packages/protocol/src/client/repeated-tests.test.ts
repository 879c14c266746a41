import { UsageError } from '@firstchance/model';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { announceGrowthTests, repeatedTest, repeatTest } from './repeated-tests.ts';
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
    expect(repeatedTest(['Cart', 'adds']) !== undefined).toBe(expected);
  });

  it('a pattern without a star is the title itself, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (title) => {
        announceGrowthTests([title.replaceAll('*', '+')]);
        expect(repeatedTest([title.replaceAll('*', '+')])).toBeDefined();
      }),
    );
  });
});

it('options beside a title are those of its check; the first that fits counts', () => {
  announceGrowthTests([
    { test: 'Cart > adds', budget: '1KB/op', idle: '35s', rounds: 24, name: 'cart', timeout: 300_000 },
    'Cart > *',
  ]);
  expect(repeatedTest(['Cart', 'adds'])).toEqual({
    timeout: 300_000,
    options: { budget: '1KB/op', idle: '35s', rounds: 24, name: 'cart' },
  });
  expect(repeatedTest(['Cart', 'sells'])).toEqual({ timeout: 180_000, options: { name: 'Cart > sells' } });
});

it.each([[{ budget: '1KB/op' }], [{ test: 7 }], [null], [7]])('%j names no tests', (wrong) => {
  expect(() => announceGrowthTests([wrong as never])).toThrow(UsageError);
});

it('what a test finds at its first run is its own failure: nothing is checked', async () => {
  const calls: string[] = [];
  const kit = {
    expectNoGrowth: async (body: () => unknown, { name }: { name: string }) => {
      calls.push(name);
      await body();
    },
  } as unknown as TestKit;
  await expect(
    repeatTest(kit, { timeout: 1, options: { name: 'a' } }, () => Promise.reject(new Error('expected 1'))),
  ).rejects.toThrow('expected 1');
  expect(calls).toEqual([]);
  await repeatTest(kit, { timeout: 1, options: { name: 'Cart > adds' } }, () => calls.push('ran'));
  expect(calls).toEqual(['ran', 'Cart > adds', 'ran']);
});
