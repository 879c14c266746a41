export type {
  AgentEngine,
  AgentTotals,
  CallOptions,
  CollectOptions,
  Decider,
  Engine,
  InspectOptions,
} from './engine.ts';
export { AGENT_CLSID, agentOfEngine } from './locate/agent.ts';
export { engineFolder } from './locate/find-engine.ts';
export { EngineProcess, type EngineProcessOptions } from './process/engine-process.ts';
export type * from './wire/agents.ts';
export type * from './wire/capture.ts';
export type * from './wire/census.ts';
export { EngineError, type EngineErrorCode, isWireError, type WireError } from './wire/error.ts';
export type * from './wire/native-sampling.ts';
export type { EngineHello, ProcessFacts } from './wire/process.ts';
export type * from './wire/sampling.ts';
export { ANSWERS, understand } from './wire/understand.ts';
