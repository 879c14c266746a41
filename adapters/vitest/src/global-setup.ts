import type { LaunchedTarget, LaunchOptions } from '@firstchance/protocol';
import { kit } from './kit.ts';

/* What tests call, and globalSetup too: there 'vitest' must not be imported. */

export { GrowthError, type GrowthTestOptions, type LaunchedTarget, type LaunchOptions } from '@firstchance/protocol';

/**
 * Starts a .NET program under the session, for the tests of this file; what still runs after them is ended.
 * @throws FirstchanceError when it does not start or is not ready in time
 */
export function launch(
  command: string,
  args: readonly string[] = [],
  options: LaunchOptions = {},
): Promise<LaunchedTarget> {
  return kit.launch(command, args, options);
}

/** A .NET process that runs already. @throws FirstchanceError when the agent cannot be loaded into it */
export function attach(pid: number): ReturnType<typeof kit.attach> {
  return kit.attach(pid);
}

/** Repeats an operation and finds out whether the program leaks; never rejects for what it finds. */
export function checkGrowth(...request: Parameters<typeof kit.checkGrowth>): ReturnType<typeof kit.checkGrowth> {
  return kit.checkGrowth(...request);
}

/** @throws GrowthError when something grows with the operation, or when that could not be found out */
export function expectNoGrowth(
  ...request: Parameters<typeof kit.expectNoGrowth>
): ReturnType<typeof kit.expectNoGrowth> {
  return kit.expectNoGrowth(...request);
}
