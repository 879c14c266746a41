import type { Channels } from '@firstchance/model';

/** What lives of one type, after a collection. */
export interface TypeCount {
  readonly type: string;
  readonly module: string;
  readonly instances: number;
  readonly bytes: number;
}

/** What was read after one step: settle, collect (finalizers too), then read. */
export interface Reading {
  /** Reachable objects by type; empty where the walk failed. */
  readonly types: readonly TypeCount[];
  /** Everything else; a channel that could not be read is absent. `managedBytes` are those of the reachable objects. */
  readonly channels: Channels;
  /** Timers of the runtime that end by firing once; absent where that is not known. */
  readonly endingTimers?: number;
  /** How long the target stood still. */
  readonly pauseMs: number;
  /** How long the operations took (or the wait of a round without), settling and reading not counted. */
  readonly durationMs: number;
}

/** Runs `dose` operations (0: only waits as long as a usual round takes), settles, collects, reads. */
export interface RoundStep {
  readonly kind: 'round';
  readonly index: number;
  readonly phase: 'warm-up' | 'measure' | 'surge';
  readonly dose: number;
}

/** Waits `waitMs`, runs ONE round of `dose` operations (lazy expiry frees at the next access), collects, reads. */
export interface IdleStep {
  readonly kind: 'idle';
  readonly index: number;
  readonly phase: 'idle';
  readonly waitMs: number;
  readonly dose: number;
}

export type MeasuringStep = RoundStep | IdleStep;
export type Step = MeasuringStep | { readonly kind: 'end' };
