import type { TestKit } from '@firstchance/protocol';
import { afterAll, afterEach, expect, it, vi } from 'vitest';
import type { CircusTest } from './circus.ts';
import { repeatWhenAsked } from './repeat-test.ts';

vi.stubEnv('FIRSTCHANCE_GROWTH_TESTS', JSON.stringify([{ test: 'Cart > adds', budget: '1KB/op', timeout: 240_000 }]));
afterEach(() => void vi.restoreAllMocks());
afterAll(() => void vi.unstubAllEnvs());

const expectNoGrowth = vi.fn(async (body: () => unknown) => void (await body()));
const kit = { expectNoGrowth } as unknown as TestKit;
const circus = (fn: CircusTest['fn'], suite = 'Cart'): CircusTest => ({
  ...{ name: 'adds', fn, timeout: 5_000, invocations: 1, errors: [] },
  parent: { name: suite, parent: { name: 'ROOT_DESCRIBE_BLOCK' } },
});

it('a named test runs once as it is, then as a check, with its context and a longer limit', async () => {
  const contexts: unknown[] = [];
  const test = circus(function (this: unknown) {
    contexts.push(this);
  });
  repeatWhenAsked(test, kit);
  // A retry is announced again.
  repeatWhenAsked(test, kit);
  const context = {};
  await test.fn?.call(context);
  expect(contexts).toEqual([context, context]);
  expect(expectNoGrowth.mock.calls).toEqual([[expect.any(Function), { name: 'Cart > adds', budget: '1KB/op' }]]);
  expect(test.timeout).toBe(240_000);
});

it.each([
  ['of another name', circus(() => {}, 'Basket')],
  ['with a callback', circus((done: () => void) => done())],
  ['that is a generator', circus(function* () {})],
  ['without a function', circus(undefined)],
])('one %s is left alone', (_, test) => {
  const before = { ...test };
  repeatWhenAsked(test, kit);
  expect(test).toEqual(before);
});
