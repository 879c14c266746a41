import type { GrowthTestOptions } from '@firstchance/protocol';
import { test } from 'vitest';
import { kit } from './kit.ts';

export * from './global-setup.ts';
export type { FirstchanceMeta } from './tasks.ts';

/** Time for a check that is not certain soon; a leak takes about 20 s besides the operations. */
const GROWTH_TEST_MS = 180_000;

/** A test whose body is repeated until it is certain whether the program leaks. */
export function growthTest(
  name: string,
  body: () => unknown,
  options: GrowthTestOptions & { timeout?: number } = {},
): void {
  const { timeout = GROWTH_TEST_MS, ...growth } = options;
  test(name, { timeout }, async ({ signal }) => {
    await kit.expectNoGrowth(body, { name, signal, ...growth });
  });
}
