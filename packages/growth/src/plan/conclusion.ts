import type { Growth, HarmlessGrowth, Round, Verdict } from '@firstchance/model';

/** What a growth follows: operations; rounds that did some, however many; time alone. */
export type GrowthDriver = 'operation' | 'round' | 'time';

/** One thing that grows, as statistics know it: path, owner and fingerprint are found out by others. */
export interface GrowthFinding
  extends Pick<
    Growth,
    'channel' | 'type' | 'module' | 'perOperation' | 'bytesPerOperation' | 'low' | 'high' | 'series'
  > {
  readonly follows: GrowthDriver;
  /** With `follows: 'round'`. */
  readonly perRound?: number;
  /** With `follows: 'time'`. */
  readonly perSecond?: number;
}
export interface HarmlessFinding extends GrowthFinding, Pick<HarmlessGrowth, 'why'> {}
export interface UnsureFinding extends GrowthFinding {
  /** What kept it from being decided. */
  readonly why: string;
}

export interface MinimumDetectable {
  readonly instancesPerOperation: number | null;
  readonly managedBytesPerOperation: number | null;
  readonly nativeBytesPerOperation: number | null;
}

export interface Conclusion {
  readonly verdict: Verdict;
  /** One sentence. */
  readonly reason: string;
  readonly mode: 'quick' | 'thorough';
  readonly seed: number;
  /** All operations, warm-up included. */
  readonly operations: number;
  /** Operations after the warm-up: what the verdict rests on. */
  readonly verifiedOperations: number;
  /** Evidence, one entry for each step that was read. */
  readonly rounds: readonly Round[];
  readonly growth: readonly GrowthFinding[];
  readonly harmless: readonly HarmlessFinding[];
  readonly unsure: readonly UnsureFinding[];
  /** Smallest leak that this run could have seen; null where that channel was not measured. */
  readonly minimumDetectable: MinimumDetectable;
  /** Channels that were absent from a reading and therefore not judged. */
  readonly notMeasured: readonly string[];
}
