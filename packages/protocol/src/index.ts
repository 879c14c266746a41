import './client/dispose-symbols.ts';

export { type AdapterOptions, splitOptions } from './client/adapter-options.ts';
export {
  checkGrowth,
  expectNoGrowth,
  GrowthError,
  type GrowthOperation,
  type GrowthOptions,
} from './client/check-growth.ts';
export { SessionError } from './client/errors.ts';
export { findSocket, SERVER_SOCKET } from './client/find-socket.ts';
export type { GrowthAtEnd } from './client/growth-at-end.ts';
export { type LaunchedTarget, type LaunchOptions, launchTarget } from './client/launch-target.ts';
export {
  type GrowthTests,
  type Repeated,
  type RepeatedTests,
  repeatedTest,
  repeatTest,
} from './client/repeated-tests.ts';
export { outsideRange } from './client/runner-range.ts';
export { RunnerSession } from './client/runner-session.ts';
export { type ConnectOptions, connectSession, SessionClient } from './client/session-client.ts';
export { closeSharedClient, sharedClient } from './client/shared-client.ts';
export { checkOptions, type OwnedServer, type ServerOptions, startServer } from './client/start-server.ts';
export {
  GROWTH_TEST_MS,
  type GrowthTestOptions,
  type GrowthTestSettings,
  type TargetFallback,
  TestKit,
} from './client/test-kit.ts';
export { deadlineBefore, TestReports } from './client/test-reports.ts';
export { workerNumber } from './client/worker-number.ts';
export type * from './wire/requests.ts';
export type * from './wire/values.ts';
export { PROTOCOL } from './wire/version.ts';
