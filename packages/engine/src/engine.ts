import type { AgentFilter, ArmRequest, DecideRequest, Decision, EngineEvents } from './wire/agents.ts';
import type { CaptureProgress, CaptureResult, DumpFacts, TakeRequest } from './wire/capture.ts';
import type { Census, CensusRequest, Collected, GraphOptions, HeapGraphResult } from './wire/census.ts';
import type { NativeReport } from './wire/native-sampling.ts';
import type { EngineHello, ProcessFacts } from './wire/process.ts';
import type { SurvivorReport } from './wire/sampling.ts';

export interface CallOptions {
  /** Cancels the work in the engine; the call then fails with `cancelled`. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: CaptureProgress) => void;
}

/** What is read of a core besides its modules; all of it when absent. */
export interface InspectOptions extends CallOptions {
  readonly stacks?: boolean;
  readonly topTypes?: boolean;
}

export interface CollectOptions {
  readonly signal?: AbortSignal;
  /** 10,000 when absent. */
  readonly timeoutMs?: number;
}

/** Decides about a snapshot that an agent asked for. A decider that throws drops it. */
export type Decider = (request: DecideRequest) => Decision | Promise<Decision>;

export interface AgentTotals {
  readonly matched: number;
  readonly captured: number;
  readonly skipped: number;
  readonly dropped: number;
}

/**
 * The native engine, however it is reached. All methods reject with {@link EngineError}; closing ends the captures under
 * way in order: targets are let go, partial files removed.
 */
export interface Engine extends AsyncDisposable {
  readonly hello: EngineHello;
  inspectProcess(pid: number): Promise<ProcessFacts>;
  take(request: TakeRequest, options?: CallOptions): Promise<CaptureResult>;
  inspectDump(file: string, options?: InspectOptions): Promise<DumpFacts>;
  /** Writes the plain core. Returns its size in bytes. */
  unpackDump(file: string, output: string, options?: CallOptions): Promise<number>;
  /** What lives in a process, all channels of one instant. Asks for no collection. */
  census(request: CensusRequest, options?: CallOptions): Promise<Census>;
  /** Writes the heap file of a core. @throws EngineError `unsupported` when the core does not hold the managed heap */
  heapGraph(file: string, output: string, options?: CallOptions & GraphOptions): Promise<HeapGraphResult>;
}

/** An engine that can also serve agents: only one that runs as a process of its own. */
export interface AgentEngine extends Engine {
  arm(request: ArmRequest): Promise<void>;
  disarm(): Promise<AgentTotals>;
  attachPayload(): Promise<{ clsid: string; path: string; data: Uint8Array }>;
  /**
   * Full collections with finalizers in between, by the agent in the process. `timeoutMs` bounds the wait, not the
   * collections themselves. @throws EngineError `unsupported` when no agent of this engine is in the process
   */
  collect(pid: number, options?: CollectOptions): Promise<Collected>;
  /**
   * From now on the agent in the process samples what is allocated. @throws EngineError `unsupported` when no agent of this
   * engine is in the process, it is sampled already, or its runtime is older than .NET 8
   */
  startSampling(pid: number, options?: CollectOptions): Promise<void>;
  /** Ends the sampling, collects as {@link collect} does, and says which samples survived. */
  reportSurvivors(pid: number, options?: CollectOptions): Promise<SurvivorReport>;
  /** Ends the sampling, if there is one. */
  stopSampling(pid: number, options?: CollectOptions): Promise<void>;
  /**
   * From now on the agent stands in for malloc, mmap and their kin in the process, on x86-64. One of `periodBytes` bytes of malloc is
   * picked at random, 65,536 when absent.
   */
  startNativeSampling(pid: number, options?: CollectOptions & { periodBytes?: number }): Promise<void>;
  /** Ends it, collects as {@link collect} does before that, and says who took what is still there. */
  reportNative(pid: number, options?: CollectOptions): Promise<NativeReport>;
  /** Ends it, if it runs. */
  stopNativeSampling(pid: number, options?: CollectOptions): Promise<void>;
  onDecide(decide: Decider): void;
  on<E extends keyof EngineEvents>(event: E, listener: (value: EngineEvents[E]) => void): void;
  /** The engine ended unasked. */
  onDied(listener: (reason: string) => void): void;
}

export type { AgentFilter };
