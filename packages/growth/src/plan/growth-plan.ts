import type { Conclusion } from './conclusion.ts';
import type { MeasuringStep, Reading, Step } from './step.ts';

/** What looks suspicious so far; it may turn out harmless. */
export interface Suspect {
  readonly channel: string;
  readonly type?: string;
  readonly perOperation: number;
}

export interface Progress {
  /** Steps that were read. */
  readonly done: number;
  /** Steps there will be, as far as is known now. */
  readonly expected: number;
  readonly suspects: readonly Suspect[];
  readonly phase: 'warm-up' | 'measure' | 'idle' | 'surge' | 'end';
}

/**
 * Which round to run next, and what the rounds say. The caller asks for a step, does it, hands in what it read, and asks again until 'end';
 * then it concludes. A check that is concluded before its end, or whose readings failed, is an INFRASTRUCTURE_ERROR.
 */
export interface GrowthPlan {
  /** `elapsedMs`: since the first call. Asking again without a reading gives the same step. */
  next(elapsedMs: number): Step;
  /** Throws when `step` is not the one that was asked for last. */
  add(step: MeasuringStep, reading: Reading): void;
  progress(): Progress;
  conclude(): Conclusion;
}
