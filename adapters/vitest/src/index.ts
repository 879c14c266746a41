import { GROWTH_TEST_MS, type GrowthTestSettings } from '@firstchance/protocol';
import { test } from 'vitest';
import { kit } from './kit.ts';

export * from './global-setup.ts';
export type { FirstchanceMeta } from './tasks.ts';

/** A test whose body is repeated until it is certain whether the program leaks. */
export function growthTest(name: string, body: () => unknown, options: GrowthTestSettings = {}): void {
  const { timeout = GROWTH_TEST_MS, ...growth } = options;
  test(name, { timeout }, async ({ signal }) => {
    await kit.expectNoGrowth(body, { name, signal, ...growth });
  });
}
