import { isBytes } from '../series/series.ts';
import { sum } from '../statistics/order.ts';
import type { Evidence } from './evidence.ts';
import type { Judgement } from './judgement.ts';
import { isNativeBytes } from './jumps.ts';

const LEAST = 3;
/** Events that must be expected before their absence is no chance. */
const MANY = 60;
/** Part of what was expected that still counts as nothing: a logarithm adds more. */
const NOTHING = 0.01;
/** Part of the growth of the measured rounds. */
const GIVEN = 0.8;

/**
 * Each round with operations made it grow, and the last of them do not any more. It may have met its limit in the large doses or
 * in the usual ones that follow.
 */
export function ended(judgement: Judgement, evidence: Evidence): boolean {
  const { surge } = evidence.marks;
  const after = evidence.marks.after.filter((at) => at > (surge.at(-1) ?? 0));
  if (isBytes(judgement.series.channel) || judgement.follows !== 'operation') return false;
  const levels = evidence.levels(judgement.series);
  const rested = (at: number) => evidence.operations([at]) > 0 && evidence.growth(levels, [at]) <= 0;
  if (evidence.measured().some(rested)) return false;
  return [[...surge.slice(-1), ...after], after, after.slice(-3)].some((end) => {
    const expected = judgement.rate * evidence.operations(end);
    return evidence.working(end) >= 2 && expected > MANY && evidence.growth(levels, end) <= NOTHING * expected;
  });
}

/**
 * As much went during the large doses and after them as had come in the measured rounds: entries that expire, in a cache that is
 * looked through now and then.
 */
export function gaveBack({ series }: Judgement, evidence: Evidence): boolean {
  const { surge, after, measured } = evidence.marks;
  const levels = evidence.levels(series);
  const falls = [...surge, ...after].map((at) => Math.max(0, -evidence.growth(levels, [at])));
  return sum(falls) >= Math.max(LEAST, GIVEN * ((levels[measured] ?? 0) - (levels[0] ?? 0)));
}

export const WENT_LATER = 'it was let go later in the check';

/**
 * At the end less than half is left of what came in the measured rounds, in spite of what was done since. Rounds that end below
 * their start, by one arena that the runtime freed, brought nothing of which half could be left.
 */
export function wentLater({ series }: Judgement, evidence: Evidence): boolean {
  const { after, measured, idle } = evidence.marks;
  const levels = evidence.levels(series);
  const first = levels[0] ?? 0;
  const risen = (levels[measured] ?? 0) - first;
  // What the runtime frees of its own while the program rests clears no native memory.
  const rested = isNativeBytes(series.channel) ? Math.min(0, evidence.growth(levels, idle)) : 0;
  return after.length > 0 && risen > 0 && (levels.at(-1) ?? 0) - first - rested < 0.5 * risen;
}
