/* Requests and results of captures, with the shapes of docs/engine-rpc.md. Times in ms, sizes in bytes. */

export type CaptureMethod = 'clone' | 'copy' | 'stop';
export type DumpKind = 'mini' | 'focus' | 'heap' | 'full';

export interface Trigger {
  readonly kind: string;
  readonly detail: string;
}

export interface DumpRequest {
  /** `auto`: focus where the managed heap is larger than 256 MB, else heap; the result says which. */
  readonly kind: DumpKind | 'auto';
  readonly compression: 'zstd' | 'none';
  readonly threads?: number;
  /** Of zstd, 1 to 19; by the size of the core without it. */
  readonly level?: number;
  /** Managed memory kept by a focus dump, in whole pages; 16 MB without it. */
  readonly focusBudgetBytes?: number;
}

export interface TakeRequest {
  readonly pid: number;
  /** Null: no dump, only the facts of the result. */
  readonly dump: DumpRequest | null;
  /** Absolute and there; the dump is written into it. */
  readonly folder: string;
  readonly trigger?: Trigger;
  /** Without it the best one that works here. */
  readonly method?: CaptureMethod;
  /** OS id of the thread of interest. */
  readonly threadId?: number;
  readonly gcRetryMs?: number;
  readonly stacks?: boolean;
  readonly topTypes?: boolean;
  readonly deadlineMs?: number;
}

export interface CaptureProgress {
  readonly phase: 'prepare' | 'stop' | 'resumed' | 'inspect' | 'write' | 'done';
  readonly doneBytes?: number;
  readonly totalBytes?: number;
  /** With `resumed`. */
  readonly pauseMs?: number;
}

export interface Frame {
  readonly method: string;
  readonly module: string;
  readonly modulePath: string;
  /** Metadata token of the method, 0 for none. */
  readonly token: number;
  readonly ilOffset: number | null;
  readonly ip: string;
  readonly kind: 'managed' | 'native' | 'runtime';
}

export interface ExceptionInfo {
  readonly type: string;
  readonly message: string | null;
  readonly hresult: number;
  readonly address: string;
  readonly inner: ExceptionInfo[];
  readonly stack: Frame[];
}

export interface ThreadInfo {
  readonly osId: number;
  readonly managedId: number;
  readonly name: string;
  readonly state: string;
  readonly isFinalizer: boolean;
  readonly stack: Frame[];
  readonly exception: ExceptionInfo | null;
}

export interface AsyncNode {
  readonly method: string;
  readonly module: string;
  readonly modulePath: string;
  readonly token: number;
  readonly state: number;
  readonly awaits: AsyncNode[];
}

export interface TypeInfo {
  readonly type: string;
  readonly module: string;
  readonly instances: number;
  readonly bytes: number;
}

export interface ModuleInfo {
  readonly name: string;
  readonly path: string;
  readonly mvid: string;
  readonly base: string;
  readonly size: number;
  readonly pdb?: { readonly guid: string; readonly age: number; readonly path: string };
}

export interface WrittenDump {
  readonly kind: DumpKind;
  /** Name within the folder. */
  readonly file: string;
  readonly bytes: number;
  readonly rawBytes: number;
  readonly leftOut: string[];
}

export interface CaptureResult {
  readonly pid: number;
  readonly process: { name: string; commandLine: string[]; runtime: string; architecture: string };
  /** From the first thread stopped to the last let go. */
  readonly pauseMs: number;
  readonly captureMethod: CaptureMethod;
  readonly gc: 'idle' | 'in-progress' | 'unknown';
  readonly gcRetries: number;
  readonly durationMs: number;
  readonly timings: Record<string, number>;
  readonly exception: ExceptionInfo | null;
  readonly threads: ThreadInfo[];
  readonly awaiting: AsyncNode[];
  readonly topTypes: TypeInfo[] | null;
  readonly modules: ModuleInfo[];
  readonly dump: WrittenDump | null;
  readonly notes: string[];
}

export interface DumpFacts {
  readonly architecture: string;
  readonly pid: number;
  readonly name: string;
  readonly runtime: { kind: string; version: string; path: string; buildId: string } | null;
  readonly threads: ThreadInfo[];
  readonly exceptions: (ExceptionInfo & { readonly osThreadId: number })[];
  readonly awaiting?: AsyncNode[];
  readonly topTypes: TypeInfo[] | null;
  readonly modules: ModuleInfo[];
  readonly notes: string[];
}
