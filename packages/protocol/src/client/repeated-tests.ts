import { wildcardMatcher } from '@firstchance/model';
import type { TestKit } from './test-kit.ts';

/** JSON list of patterns, from the runner's main process to its workers. */
const VARIABLE = 'FIRSTCHANCE_GROWTH_TESTS';

/** Tells workers which tests are repeated. @param patterns of titles, "suite > test"; * stands for anything */
export function announceGrowthTests(patterns: readonly string[]): void {
  if (patterns.length > 0) process.env[VARIABLE] = JSON.stringify(patterns);
  else delete process.env[VARIABLE];
}

/** Whether a test was named in `growthTests`. @param title suites first, the test's own name last */
export function isGrowthTest(title: readonly string[]): boolean {
  const text = process.env[VARIABLE];
  if (text === undefined) return false;
  const whole = title.join(' > ');
  return (JSON.parse(text) as string[]).some((pattern) => wildcardMatcher(pattern, 's')(whole));
}

/**
 * A test that was written without a thought of growth, as a check: its body once as it is, so that what it finds is its own
 * failure, then until it is certain whether the program leaks. Hooks and fixtures are not repeated.
 * @throws what the body throws, GrowthError
 */
export async function repeatTest(kit: TestKit, title: readonly string[], body: () => unknown): Promise<void> {
  await body();
  await kit.expectNoGrowth(body, { name: title.join(' > ').slice(0, 1_000) });
}
