import type { TestKit } from '@firstchance/protocol';
import { kit } from './kit.ts';

/* What tests call, and globalSetup too: there 'vitest' must not be imported. */

export { GrowthError, type GrowthTestOptions, type LaunchedTarget, type LaunchOptions } from '@firstchance/protocol';

/**
 * Starts a .NET program under the session, for the tests of this file; what still runs after them is ended.
 * @throws FirstchanceError when it does not start or is not ready in time
 */
export const launch: TestKit['launch'] = (...request) => kit.launch(...request);

/** A .NET process that runs already. @throws FirstchanceError when the agent cannot be loaded into it */
export const attach: TestKit['attach'] = (...request) => kit.attach(...request);

/** Repeats an operation and finds out whether the program leaks; never rejects for what it finds. */
export const checkGrowth: TestKit['checkGrowth'] = (...request) => kit.checkGrowth(...request);

/** @throws GrowthError when something grows with the operation, or when that could not be found out */
export const expectNoGrowth: TestKit['expectNoGrowth'] = (...request) => kit.expectNoGrowth(...request);
