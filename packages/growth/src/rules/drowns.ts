import { sum } from '../statistics/order.ts';
import type { Evidence } from './evidence.ts';
import type { Judgement } from './judgement.ts';
import { isNativeBytes } from './jumps.ts';

export const NOISE = 'it is not larger than its noise, in the large doses either';
/** Part of the rate that a dose must have brought to speak for it: by chance half of them do. */
const HALF = 0.5;
/** Part of the operations of the large doses that must speak for a rate. */
const MOST = 0.7;

/**
 * Native memory that was hardly told from its noise before, and that many times the operations do not tell from it either: some large
 * doses brought far more than the rate, others nothing or less. A leak brings its rate in each of them.
 */
export function drowns({ series, status, rate }: Judgement, evidence: Evidence): boolean {
  if (status !== 'unsure' || !isNativeBytes(series.channel)) return false;
  const levels = evidence.levels(series);
  const { surge } = evidence.marks;
  const agree = surge.filter((at) => evidence.growth(levels, [at]) >= HALF * rate * evidence.operations([at]));
  return sum(agree.map((at) => evidence.operations([at]))) < MOST * evidence.operations(surge);
}
