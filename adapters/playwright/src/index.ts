import { GROWTH_TEST_MS, type GrowthTestSettings, type TestKit } from '@firstchance/protocol';
import { test } from './worker/fixtures.ts';
import { kit } from './worker/kit.ts';

export type {
  AdapterOptions,
  GrowthAtEnd,
  GrowthTestOptions,
  GrowthTestSettings,
  LaunchedTarget,
  LaunchOptions,
} from '@firstchance/protocol';
export { GrowthError } from '@firstchance/protocol';
export { expect, mergeExpects, mergeTests } from '@playwright/test';
export { type DotnetWebServerOptions, dotnetWebServer, type WebServer } from './dotnet-web-server.ts';
export { firstchance, firstchance as default } from './firstchance.ts';
export type { Dotnet, DotnetFixtures } from './worker/fixtures.ts';
export { test };

/**
 * Starts a .NET program under the session, for beforeAll, fixtures of your own and globalSetup; what still runs ends with the
 * worker. Within a test the fixture `dotnet` does the same until the test's end.
 *
 * @example
 * test.beforeAll(async () => { shop = await launch('dotnet', ['shop.dll'], { ready: /listening on (\S+)/ }); });
 * @throws FirstchanceError when it does not start or is not ready in time
 */
export const launch: TestKit['launch'] = (...request) => kit.launch(...request);

/** A .NET process that runs already. @throws FirstchanceError when the agent cannot be loaded into it */
export const attach: TestKit['attach'] = (...request) => kit.attach(...request);

/** Repeats an operation and finds out whether the program leaks; never rejects for what it finds. */
export const checkGrowth: TestKit['checkGrowth'] = (...request) => kit.checkGrowth(...request);

/**
 * @example await expectNoGrowth(() => request.get('/orders'), { budget: '1KB/op' })
 * @throws GrowthError when something grows with the operation, or when that could not be found out
 */
export const expectNoGrowth: TestKit['expectNoGrowth'] = (...request) => kit.expectNoGrowth(...request);

type Arguments = Parameters<Parameters<typeof test>[2]>;

/**
 * A test whose body is repeated until it is certain whether the program leaks. The body takes fixtures as that of any test.
 *
 * @example growthTest('orders', async ({ request }) => { await request.get('/orders'); }, { budget: '1KB/op' })
 */
export function growthTest(
  name: string,
  body: (...fixturesAndInfo: Arguments) => unknown,
  options: GrowthTestSettings = {},
): void {
  const { timeout = GROWTH_TEST_MS, ...growth } = options;
  const repeated = async (...[fixtures, info]: Arguments): Promise<void> => {
    info.setTimeout(timeout);
    await kit.expectNoGrowth(() => body(fixtures, info), { name, ...growth });
  };
  // Playwright finds the fixtures that a test wants in its text.
  Object.defineProperty(repeated, 'toString', { value: () => body.toString() });
  test(name, repeated);
}
