import { byteLimit } from './bytes.ts';
import type { Evidence } from './evidence.ts';
import type { Judgement } from './judgement.ts';
import { LEAST_JUMP } from './jumps.ts';

/** Large doses, each of which an arena of the runtime's compiler could account for, but not all of them alike. */
const LEAST_DOSES = 3;
/** The slowest of them, as part of the fastest. */
const ALIKE = 0.6;

/**
 * Native memory by the large doses of two surges alone: where operations are slow, what a usual round adds drowns in the megabytes
 * that the runtime's compiler takes and frees. Undefined when they do not agree on a rate.
 */
export function rateInSurges({ series }: Judgement, evidence: Evidence): number | undefined {
  if (series.channel !== 'mallocBytes' && series.channel !== 'mappedBytes') return undefined;
  const { surge, after } = evidence.marks;
  if (surge.length < LEAST_DOSES || !evidence.hasSecondSurge) return undefined;
  const levels = evidence.levels(series);
  const grown = surge.map((at) => evidence.growth(levels, [at]));
  const rates = surge.map((at, index) => (grown[index] ?? 0) / Math.max(1, evidence.operations([at])));
  const slowest = Math.min(...rates);
  const dose = Math.max(1, ...surge.map((at) => evidence.operations([at])));
  const large = Math.min(...grown) >= 2 * LEAST_JUMP && slowest > byteLimit(series.channel, dose);
  const rate = evidence.growth(levels, [...surge, ...after]) / Math.max(1, evidence.operations([...surge, ...after]));
  // Nothing of it was given back since.
  return large && slowest >= ALIKE * Math.max(...rates) && rate >= ALIKE * slowest ? rate : undefined;
}
