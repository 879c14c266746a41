import type { CaptureKind, CaptureMethod, DumpKind, GcState, ModuleInfo, Trigger, TypeInfo } from './contract.ts';

/*
 * What a session needs of the engine, with the shapes of the wire (docs/engine-rpc.md). The client in @firstchance/engine
 * fits; tests bring an engine of their own.
 */

export interface WireFrame {
  method: string;
  module: string | null;
  modulePath: string | null;
  token: number | null;
  ilOffset: number | null;
  kind: 'managed' | 'native' | 'runtime';
}
export interface WireException {
  type: string;
  message: string | null;
  hresult: number;
  inner: WireException[];
  stack: WireFrame[];
}
export interface WireThread {
  osId: number;
  managedId: number | null;
  name: string | null;
  state: string;
  isFinalizer: boolean;
  stack: WireFrame[];
  exception: WireException | null;
}
export interface WireAsync {
  method: string;
  awaits: WireAsync[];
}
export interface DumpRequest {
  kind: DumpKind;
  compression: 'zstd' | 'none';
}
export interface TakeRequest {
  pid: number;
  dump: DumpRequest | null;
  folder: string;
  trigger: Trigger;
  threadId?: number;
  stacks?: boolean;
  topTypes?: boolean;
}
/** The engine's half of a capture record. */
export interface EngineCapture {
  pid: number;
  process: { name: string; commandLine: string[]; runtime: string | null; architecture: string | null };
  /** Null where nobody measured it (createdump). */
  pauseMs: number | null;
  captureMethod: CaptureMethod;
  gc: GcState;
  durationMs: number;
  exception: WireException | null;
  threads: WireThread[];
  awaiting: WireAsync[];
  topTypes: TypeInfo[];
  modules: ModuleInfo[];
  dump: { kind: DumpKind; file: string; bytes: number; rawBytes: number; leftOut: string[] } | null;
  notes: string[];
}
export interface CaptureProgress {
  phase: string;
  doneBytes?: number;
  totalBytes?: number;
  pauseMs?: number;
}
export interface AgentFilter {
  firstChance: boolean;
  unhandled: boolean;
  exit: boolean;
  log: boolean;
  tests: boolean;
  include: string[];
  exclude: string[];
  perPlace: number;
  perType: number;
  perTest: number;
  perSession: number;
  timeoutMs: number;
  maxFrozen: number;
  decline: string[];
}
/** `capture/decide`: an agent asked, its process has been frozen and goes on already. */
export interface DecideRequest {
  captureToken: string;
  pid: number;
  threadId: number;
  trigger: CaptureKind;
  pauseMs: number;
  captureMethod: CaptureMethod;
  gc: GcState;
  exception: { type: string; message: string | null } | null;
  test: { name: string } | null;
}
export type Decision =
  | { action: 'keep'; folder: string; dump: DumpRequest | null; stacks?: boolean; topTypes?: boolean }
  | { action: 'drop'; reason: string };

/** What the engine tells a session. Every method may be called at any time until the engine is closed. */
export interface EngineListener {
  decide(request: DecideRequest): Promise<Decision> | Decision;
  captureDone(captureToken: string, result: { result: EngineCapture } | { error: unknown }): void;
  captureProgress(captureToken: string, progress: CaptureProgress): void;
  agentConnected(pid: number, how: 'startup' | 'attach', runtime: string | null): void;
  agentDisconnected(pid: number): void;
  exception(event: {
    pid: number;
    threadId: number;
    type: string;
    message: string | null;
    rethrow: boolean;
    matched: boolean;
  }): void;
  test(event: { pid: number; threadId: number; state: 'started' | 'passed' | 'failed' | 'ended'; name: string }): void;
  skipped(event: { pid: number; type: string; why: string; count: number }): void;
  log(level: string, text: string): void;
  /** The engine ended without having been asked to. */
  died(reason: string): void;
}

export interface SessionEngine extends AsyncDisposable {
  readonly version: string;
  readonly agentPath: string;
  take(
    request: TakeRequest,
    options: { signal?: AbortSignal; onProgress?: (progress: CaptureProgress) => void },
  ): Promise<EngineCapture>;
  arm(request: { controlPath: string; socketPath: string; filter: AgentFilter }): Promise<void>;
  disarm(): Promise<void>;
  /** Threads, exceptions and modules of a core file. */
  inspectDump(file: string): Promise<Pick<EngineCapture, 'threads' | 'modules' | 'notes'>>;
  /** Class id of the agent's profiler and its path in the target's file system. */
  attachPayload(): Promise<{ clsid: string; path: string; data: Uint8Array }>;
}
