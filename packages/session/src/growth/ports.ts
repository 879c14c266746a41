import type { NativeReport, SurvivorReport } from '@firstchance/engine';
import type { GrowthFinding } from '@firstchance/growth';
import type { Channels, Growth, TypeInfo } from '@firstchance/model';
import type { GarbageCollection } from '../collect/collect-garbage.ts';

export interface CensusCall {
  readonly pid: number;
  /** Also write heap.fch into this folder: absolute, there, mode 0700. */
  readonly graph?: { readonly folder: string; readonly dominators?: boolean; readonly native?: boolean } | null;
}

/** What lived in a process at one instant, as far as growth checks and the ledger use it. */
export interface TakenCensus {
  readonly process: { readonly name: string; readonly runtime: string | null };
  readonly pauseMs: number;
  /** False when a part of the heap or of its roots could not be read; `why` says which. */
  readonly complete: boolean;
  readonly why: string;
  readonly reachable: { readonly instances: number; readonly bytes: number };
  readonly types: readonly TypeInfo[];
  readonly channels: Channels;
  /** Timers of the runtime; `ending`: of these, those that end by firing once. */
  readonly timers?: { readonly all: number; readonly ending: number } | null;
}

/** What measuring needs: a reading of the process, collections in it. */
export interface MeasuringEngine {
  /** @throws the engine's error: what, why, cure */
  census(request: CensusCall, options: { signal?: AbortSignal }): Promise<TakenCensus>;
  /** Full collections with finalizers in between. @throws the engine's or the diagnostics client's error */
  collect(
    pid: number,
    options: { signal?: AbortSignal; timeoutMs?: number },
  ): Promise<Pick<GarbageCollection, 'how' | 'finalizers'>>;
  /** Absent where no agent can be asked. */
  readonly sampling?: AllocationSampling;
  readonly nativeSampling?: NativeSampling;
}

interface AgentCall {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

/** A sampling by the agent. All throw the engine's error, code `unsupported` where it cannot be done. */
export interface Sampling<Report> {
  start(pid: number, options: AgentCall): Promise<void>;
  /** Ends it with collections. */
  report(pid: number, options: AgentCall): Promise<Report>;
  /** Ends it. */
  stop(pid: number, options: AgentCall): Promise<void>;
}

/** Samples of what a process allocates. */
export type AllocationSampling = Sampling<SurvivorReport>;

/** Who takes native memory. */
export interface NativeSampling extends Sampling<NativeReport> {
  /** One of `periodBytes` bytes of malloc is picked. */
  start(pid: number, options: AgentCall & { readonly periodBytes: number }): Promise<void>;
}

/** Finds out what keeps what grows alive. */
export interface CulpritNamer {
  /**
   * @param before heap file of the first measured round
   * @param after heap file of the end, so many operations later
   * @returns what grows with container, path, pattern and fingerprint, own types first, then by growth of retained bytes
   */
  name(request: {
    readonly before: string;
    readonly after: string;
    readonly findings: readonly GrowthFinding[];
    readonly operations: number;
  }): Promise<readonly Growth[]>;
}

/** Time, so that tests need none. */
export interface Clock {
  /** Of any one origin, in ms. */
  now(): number;
  /** @throws the signal's reason when aborted */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}
