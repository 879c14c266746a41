import type { GrowthTestSettings, TestKit } from '@firstchance/protocol';

export type { GrowthTestOptions, LaunchedTarget, LaunchOptions } from '@firstchance/protocol';

/* The same as index.cjs, for test files that are ES modules. What is called comes from the environment. */

type Sandbox = {
  firstchance?: TestKit;
  test(name: string, body: () => unknown, timeoutMs: number): void;
};

function kit(): TestKit {
  const { firstchance } = globalThis as unknown as Sandbox;
  if (!firstchance) {
    throw new Error(
      "there is no firstchance session here: set preset: '@firstchance/jest' or a testEnvironment made with withCapture()",
    );
  }
  return firstchance;
}

/** Starts a .NET program under the session, for the tests of this file; what still runs after them is ended. */
export const launch: TestKit['launch'] = (...request) => kit().launch(...request);

/** A .NET process that runs already. */
export const attach: TestKit['attach'] = (...request) => kit().attach(...request);

/** Repeats an operation and finds out whether the program leaks; never rejects for what it finds. */
export const checkGrowth: TestKit['checkGrowth'] = (...request) => kit().checkGrowth(...request);

/** @throws when something grows with the operation, or when that could not be found out */
export const expectNoGrowth: TestKit['expectNoGrowth'] = (...request) => kit().expectNoGrowth(...request);

/** As in the protocol's package, which a sandbox need not load for this. */
const GROWTH_TEST_MS = 180_000;

/** A test whose body is repeated until it is certain whether the program leaks. */
export function growthTest(name: string, body: () => unknown, options: GrowthTestSettings = {}): void {
  const { timeout = GROWTH_TEST_MS, ...growth } = options;
  const { test } = globalThis as unknown as Sandbox;
  test(name, () => kit().expectNoGrowth(body, { name, ...growth }), timeout);
}
