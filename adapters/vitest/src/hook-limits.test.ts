import * as vitest from 'vitest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { limitOfHooks } from './hook-limits.ts';

beforeAll(() => undefined, 4321);
afterAll(() => undefined, 60_000);

it("adds up the hooks' own limits where Vitest keeps them, and the usual one where it does not", ({ task }) => {
  const { TestRunner } = vitest as unknown as {
    TestRunner: { getSuiteHooks(suite: unknown): Record<string, unknown[]> };
  };
  const hooks = TestRunner.getSuiteHooks(task.file);
  expect(limitOfHooks(hooks.beforeAll ?? [], 1000)).toBe(4321);
  expect(limitOfHooks(hooks.afterAll ?? [], 1000)).toBe(1000);
  expect(limitOfHooks([...(hooks.beforeAll ?? []), ...(hooks.afterAll ?? [])], 1000)).toBe(5321);
});

it('no hooks have no limit to add up, and one without a limit has none', () => {
  expect(limitOfHooks([], 1000)).toBeNull();
  expect(limitOfHooks([() => undefined], 0)).toBe(Number.POSITIVE_INFINITY);
});
