export { type AgentEnvironment, withAgent } from './environment/agent.ts';
export { mayBuild, withoutBuildServers } from './environment/build-servers.ts';
export {
  CI_CREDENTIALS,
  type ScrubbedEnvironment,
  type ScrubOptions,
  scrubEnvironment,
} from './environment/credentials.ts';
export { type TargetEnvironmentOptions, targetEnvironment } from './environment/environment.ts';
export { HeldSignals } from './launch/held-signals.ts';
export { type CommandExit, type LaunchedCommand, type LaunchOptions, launch } from './launch/launch.ts';
export { OutputTail } from './launch/output-tail.ts';
export { SignalRelay, type SignalRelayOptions } from './launch/signals.ts';
export { stopProcesses } from './launch/stop.ts';
export { processName, readCommandLine, readExecutable } from './proc/command-line.ts';
export { isCompiling } from './proc/compiler.ts';
export { readEnvironment } from './proc/environ.ts';
export { listProcesses } from './proc/list.ts';
export { type ListeningPort, listeningPorts, portOf } from './proc/listening.ts';
export { type MemoryUse, readMemory } from './proc/memory.ts';
export { type MappedRuntime, mappedRuntime } from './proc/runtime.ts';
export { isAlive, type ProcStat, parseStat, readStat } from './proc/stat.ts';
export { descendsFrom, readTracer } from './proc/tracer.ts';
export { acceptsConnections, networkReason, urlAnswers } from './ready/probes.ts';
export { type Readiness, waitReady } from './ready/wait-ready.ts';
export { TargetError, type TargetErrorCode } from './target-error.ts';
export {
  descendants,
  ProcessTree,
  type ProcessTreeOptions,
  survivors,
  type TreeProcess,
} from './tree/tree.ts';
