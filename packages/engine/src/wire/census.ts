import type { Channels } from '@firstchance/model';
import type { CaptureMethod, TypeInfo } from './capture.ts';

/* Requests and results of the census, with the shapes of docs/engine-rpc.md. Times in ms, sizes in bytes. */

export interface CensusRequest {
  readonly pid: number;
  /** Also writes `heap.fch` into this folder, which is absolute and there. Null or absent: no file. */
  readonly graph?: CensusGraph | null;
  /** Without it the best one that works here. */
  readonly method?: CaptureMethod;
  /** How long to try again when a garbage collection is met. */
  readonly gcRetryMs?: number;
  readonly deadlineMs?: number;
}

export interface CensusGraph {
  readonly folder: string;
  /** Who retains what; false when absent. */
  readonly dominators?: boolean;
  /** Which objects hold native memory; false when absent. */
  readonly native?: boolean;
}

/** How many objects, and their size. */
export interface HeapTotal {
  readonly instances: number;
  readonly bytes: number;
}

export interface WrittenGraph {
  /** Name within the folder. */
  readonly file: string;
  readonly bytes: number;
  readonly objects: number;
  readonly references: number;
}

/** What lived in a process at one instant. */
export interface Census {
  readonly pid: number;
  readonly process: { name: string; commandLine: string[]; runtime: string; architecture: string };
  /** From the first thread stopped to the last let go. */
  readonly pauseMs: number;
  readonly captureMethod: CaptureMethod;
  readonly gc: 'idle' | 'in-progress' | 'unknown';
  readonly durationMs: number;
  readonly timings: Record<string, number>;
  /** False when a part of the heap or of its roots could not be read; `why` says which. */
  readonly complete: boolean;
  readonly why: string;
  readonly reachable: HeapTotal;
  readonly unreachable: HeapTotal;
  /** Free space between objects. */
  readonly freeBytes: number;
  /** Of the reachable objects, by bytes, descending. Two entries may have one name (load contexts). */
  readonly types: TypeInfo[];
  /** A channel that could not be read is absent, not 0. */
  readonly channels: Channels;
  /** Reachable timers of the runtime, and those of them that end by firing once; null where they could not be read. */
  readonly timers?: { readonly all: number; readonly ending: number } | null;
  readonly graph: WrittenGraph | null;
  readonly notes: string[];
}

export interface GraphOptions {
  /** Who retains what; true when absent. */
  readonly dominators?: boolean;
}

export interface HeapGraphResult {
  readonly bytes: number;
  readonly objects: number;
  readonly references: number;
  readonly complete: boolean;
  readonly why: string;
  readonly notes: string[];
}

/** What the agent's full collections came to. */
export interface Collected {
  readonly collections: number;
  readonly durationMs: number;
  /**
   * drained: whatever was dead when it was asked has had its finalizer run and is collected. timeout: finalizers still ran
   * at the end of the time. unknown: the runtime does not tell.
   */
  readonly finalizers: 'drained' | 'unknown' | 'timeout';
}
