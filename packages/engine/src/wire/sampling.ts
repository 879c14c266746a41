/** One managed frame of a stack that allocates. */
export interface AllocationFrame {
  /** "Shop.Store+Cache.Add", without parameters; "" where nobody knows it (made at run time, or unloaded). */
  readonly method: string;
  readonly modulePath: string;
  /** Of the method, 0x06……; 0 where `method` is "". */
  readonly token: number;
  /** Of the call; null where the runtime does not tell. Optimised code knows it of statements only. */
  readonly ilOffset: number | null;
}

/** A stack whose allocations of one type have survived. */
export interface AllocationSite {
  /** As a census names it. */
  readonly type: string;
  /** Samples that survived. */
  readonly samples: number;
  /** What they stand for, an estimate. */
  readonly bytes: number;
  /** The allocating one first, at most 32. Methods that were inlined are not there. */
  readonly frames: readonly AllocationFrame[];
}

/** Which allocations since the start of the sampling survived a collection. */
export interface SurvivorReport {
  /** Samples taken: one for each 100 KB allocated, about. */
  readonly samples: number;
  readonly survivors: number;
  /** There was no room for more samples: only the first part of the time was seen. */
  readonly full: boolean;
  /** False when some sites were lost on the way. */
  readonly complete: boolean;
  readonly sites: readonly AllocationSite[];
}
