/** What a check may do. Times in ms, sizes in bytes. */
export interface GrowthPlanOptions {
  readonly mode: 'quick' | 'thorough';
  /** The order of the doses follows from it: the same seed and the same readings give the same verdict. */
  readonly seed: number;
  /** As long as the longest timer of the program: what is let go in that time is no leak. Usual: 4000. */
  readonly idleMs: number;
  /** Operations of a usual round; without it what lasts 50 to 300 ms is found out while warming up. */
  readonly dose?: number;
  /** Most measured rounds (without warm-up, idle and surge), rounded up to blocks of 3; at least 9. */
  readonly rounds?: number;
  /** Least warm-up: rounds (6), time (4000) and operations (60, of slow ones fewer). */
  readonly warmUpRounds?: number;
  readonly warmUpMs?: number;
  readonly warmUpOperations?: number;
  /** Growth of all memory together up to this is accepted, and named. */
  readonly budgetBytesPerOperation?: number;
  /** Operations of the surge; without it as many as `surgeMs` and the memory they may take allow. */
  readonly surge?: number;
  /** Longest time of operations in the surge (quick 5000, thorough 15000); 0: no surge. */
  readonly surgeMs?: number;
  /** How long to wait when what grows holds timers of the runtime, which often fire after 30 s (33000). */
  readonly timerIdleMs?: number;
}
