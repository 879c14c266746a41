import type { GrowthDriver } from '../plan/conclusion.ts';
import type { Series } from '../series/series.ts';

/** What the measured rounds say of one series. */
export type Status = 'flat' | 'harmless' | 'idle' | 'unsure' | 'candidate';

export interface Judgement {
  readonly series: Series;
  readonly status: Status;
  /** Of 'harmless' and 'unsure'. */
  readonly why: string;
  readonly follows: GrowthDriver;
  /** Per operation, what also happens without operations taken off. */
  readonly rate: number;
  readonly low: number;
  readonly high: number;
  /** Mean growth of a round without operations. */
  readonly idlePerRound: number;
  /** Mean growth of a round with operations. */
  readonly perRound: number;
  /** From the first to the last measured round. */
  readonly total: number;
  /** Probability of such a dose effect by chance; 1 where it was not asked. */
  readonly probability: number;
  /** Its rate fell while it was measured. */
  readonly slowing: boolean;
  /** Worth a look with more operations per round, or with more rounds where it is bytes, but no reason to fail. */
  readonly hint: boolean;
  /** Bytes of a type that grow in steps, without new objects. */
  readonly steps?: boolean;
}
