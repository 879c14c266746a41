import { UsageError, wildcardMatcher } from '@firstchance/model/options';
import type { GrowthOptions } from './check-growth.ts';
import { GROWTH_TEST_MS, type TestKit } from './test-kit.ts';

/** Tests whose body is repeated, and how they are checked: options of expectNoGrowth(). */
export interface RepeatedTests extends Omit<GrowthOptions, 'signal'> {
  /** Titles, "suite > test"; * stands for anything. */
  readonly test: string;
  /** The tests' own limit in ms; default 3 minutes. */
  readonly timeout?: number;
}

/** Titles alone are checked as usual. The first that fits a test counts. */
export type GrowthTests = readonly (string | RepeatedTests)[];

/** How one test is repeated. */
export interface Repeated {
  readonly timeout: number;
  readonly options: Omit<GrowthOptions, 'signal'>;
}

/** JSON list, from the runner's main process to its workers. */
const VARIABLE = 'FIRSTCHANCE_GROWTH_TESTS';

/** Tells workers which tests are repeated, and how. @throws UsageError for what names no tests */
export function announceGrowthTests(tests: GrowthTests): void {
  const wrong = tests.find((one) => typeof patternOf(one) !== 'string');
  if (wrong !== undefined)
    throw new UsageError(
      `growthTests has ${JSON.stringify(wrong)}; write a title like 'orders > *', or { test: 'orders > *', budget: '1KB/op' }`,
    );
  if (tests.length > 0) process.env[VARIABLE] = JSON.stringify(tests);
  else delete process.env[VARIABLE];
}

/** How a test is repeated that was named in `growthTests`. @param title suites first, the test's own name last */
export function repeatedTest(title: readonly string[]): Repeated | undefined {
  const text = process.env[VARIABLE];
  if (text === undefined) return undefined;
  const whole = title.join(' > ');
  const found = (JSON.parse(text) as GrowthTests).find((one) => wildcardMatcher(patternOf(one), 's')(whole));
  if (found === undefined) return undefined;
  const { test: _, timeout = GROWTH_TEST_MS, ...options } = typeof found === 'string' ? { test: found } : found;
  return { timeout, options: { name: whole.slice(0, 1_000), ...options } };
}

function patternOf(one: string | RepeatedTests): string {
  return typeof one === 'string' ? one : one?.test;
}

/**
 * A test that was written without a thought of growth, as a check: its body once as it is, so that what it finds is its own
 * failure, then until it is certain whether the program leaks. Hooks and fixtures are not repeated.
 * @throws what the body throws, GrowthError
 */
export async function repeatTest(kit: TestKit, { options }: Repeated, body: () => unknown): Promise<void> {
  await body();
  await kit.expectNoGrowth(body, options);
}
