import type {
  AgentFilter,
  CaptureProgress,
  CaptureResult,
  Census,
  CensusRequest,
  Collected,
  DecideRequest,
  Decision,
  DumpFacts,
  EngineEvents,
  TakeRequest,
} from '@firstchance/engine';
import type { CaptureMethod } from '@firstchance/model';
import type { AllocationSampling, NativeSampling } from './growth/ports.ts';

export type {
  AgentFilter,
  CaptureProgress,
  Census,
  CensusRequest,
  Collected,
  DecideRequest,
  Decision,
  DumpRequest,
  TakeRequest,
} from '@firstchance/engine';

/** The engine's half of a capture record, or what createdump leaves of it. */
export interface EngineCapture
  extends Omit<CaptureResult, 'pauseMs' | 'captureMethod' | 'gcRetries' | 'timings' | 'process'> {
  readonly process: { name: string; commandLine: string[]; runtime: string | null; architecture: string | null };
  /** Null where nobody measured it (createdump). */
  readonly pauseMs: number | null;
  readonly captureMethod: CaptureMethod;
  readonly timings?: Record<string, number>;
}

/** What the engine tells a session. Every method may be called at any time until the engine is closed. */
export interface EngineListener {
  decide(request: DecideRequest): Promise<Decision> | Decision;
  captureDone(captureToken: string, outcome: { result: EngineCapture } | { error: unknown }, pid?: number): void;
  captureProgress(captureToken: string, progress: CaptureProgress): void;
  agentConnected(event: EngineEvents['agents/connected']): void;
  agentDisconnected(pid: number): void;
  exception(event: EngineEvents['agents/exception']): void;
  test(event: EngineEvents['agents/test']): void;
  skipped(event: EngineEvents['agents/skipped']): void;
  log(level: string, text: string): void;
  /** The engine ended without having been asked to. */
  died(reason: string): void;
}

/** What a session needs of the engine: agents armed, captures taken. Tests bring an engine of their own. */
export interface SessionEngine extends AsyncDisposable {
  readonly version: string;
  readonly agentPath: string;
  take(
    request: TakeRequest,
    options: { signal?: AbortSignal; onProgress?: (progress: CaptureProgress) => void },
  ): Promise<EngineCapture>;
  arm(request: { controlPath: string; socketPath: string; filter: AgentFilter }): Promise<void>;
  disarm(): Promise<unknown>;
  /** Ends the engine now: targets are let go, partial files removed. */
  cancel(): Promise<void>;
  /** Threads, modules and notes of a core file. */
  inspectDump(file: string): Promise<Pick<DumpFacts, 'threads' | 'modules' | 'notes'>>;
  /** What lives in a process. */
  census(
    request: CensusRequest,
    options?: { signal?: AbortSignal; onProgress?: (progress: CaptureProgress) => void },
  ): Promise<Census>;
  /** Full collections by the agent in the process; fails with `unsupported` when there is none. */
  collect(pid: number, options?: { signal?: AbortSignal; timeoutMs?: number }): Promise<Collected>;
  /** By the agent in the process. Absent where there are no agents. */
  readonly sampling?: AllocationSampling;
  readonly nativeSampling?: NativeSampling;
  /** What the environment and AttachProfiler need to load the agent. */
  attachPayload(): Promise<{ clsid: string; path: string; data: Uint8Array }>;
}
