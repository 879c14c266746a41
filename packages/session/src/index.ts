export { isDeclined } from './agents/decline.ts';
export { agentFilter } from './agents/filter.ts';
export type { RuntimeDumper } from './capture/createdump.ts';
export { captureRecord } from './capture/detail.ts';
export { addSourceLines, type Sourced, type SourceLocator } from './capture/source-lines.ts';
export { takeCensus } from './census/take-census.ts';
export type { ClientSide } from './clients/client-side.ts';
export type { ClientTest } from './clients/client-tests.ts';
export { type CollectGarbageOptions, collectGarbage, type GarbageCollection } from './collect/collect-garbage.ts';
export { connectSessionPorts } from './connect/ports.ts';
export { findCreatedIn } from './created-in/add-created-in.ts';
export * from './engine-port.ts';
export { makeSessionPlace, type SessionPlace } from './folder/session-place.ts';
export { type Acceptance, acceptGrowth } from './growth/accept/accept-growth.ts';
export { readBaseline, writeBaseline } from './growth/accept/baseline-file.ts';
export { type LoadedSuppressions, readSuppressions } from './growth/accept/suppression-file.ts';
export { type CheckJudging, type CheckProcessRequest, checkProcess } from './growth/check-process.ts';
export {
  type CheckedTarget,
  type CheckListener,
  type CheckTargetRequest,
  checkTarget,
  type TargetSpec,
} from './growth/check-target.ts';
export type { FinishedCheck } from './growth/growth-checks.ts';
export type { DoseResult, Operation } from './growth/operation/operation.ts';
export { type OperationSpec, operationName } from './growth/operation/operation-spec.ts';
export { parseExpectedStatus, parseHeader, parseRequest } from './growth/operation/parse-request.ts';
export type { CulpritNamer } from './growth/ports.ts';
export type { CheckProgress } from './growth/run/execute-plan.ts';
export { DEFAULT_OPTIONS, type SessionOptions } from './options.ts';
export type { SessionListener, SessionPorts } from './ports.ts';
export { makePrivateFolder, type PrivateFolder, sweepPrivateFolders } from './private-folder/private-folder.ts';
export { type Problem, toProblem } from './problems/problem.ts';
export { offVariables } from './problems/switched-off.ts';
export { aborted } from './run/aborted.ts';
export { type AttachRequest, attachToProcess } from './run/attach.ts';
export { commandEnvironment, type RunListener, type RunRequest, runCommand } from './run/run-command.ts';
export { sessionEnvironment } from './run/session-environment.ts';
export { stopTree } from './run/stop-tree.ts';
export { Session, type SessionEnd } from './session.ts';
export type { SessionPlan } from './session-plan.ts';
export { adoptProcess } from './targets/adopt.ts';
