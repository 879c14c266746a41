import type { AllocationFrame, SurvivorReport } from './sampling.ts';

/** What a program takes from the system: a block of malloc; memory by mmap without a file, and with one or shared; descriptors. */
export type NativeResource = 'block' | 'anonymous' | 'mapped' | 'descriptor' | 'socket';

/** A stack that took native memory which is still there. */
export interface NativeSite {
  readonly resource: NativeResource;
  /** Met, and still there. */
  readonly samples: number;
  /** What they stand for; of blocks an estimate. */
  readonly count: number;
  /** Of anonymous memory the pages that are there, of mapped files address space. */
  readonly bytes: number;
  /**
   * The taking one first, at most 62, managed and native. Native ones have the token 0 and as `method` the function's name,
   * "fn_1c40" where the file tells only where one begins, or "+0x1c4f".
   */
  readonly frames: readonly AllocationFrame[];
}

/** Who took what since the start of the sampling and has not given it back by now. */
export interface NativeReport extends Pick<SurvivorReport, 'samples' | 'survivors' | 'full' | 'complete'> {
  readonly nativeSites: readonly NativeSite[];
}
