import type { Jump } from '../series/series.ts';
import type { Evidence } from './evidence.ts';
import type { Judgement } from './judgement.ts';
import { isNativeBytes, LEAST_JUMP } from './jumps.ts';

/**
 * Falls of a megabyte and more below what the rate lets expect, in the first surge and the rounds after it: an arena that the
 * runtime freed, or memory that was let go. One surge cannot tell which: this says what it would look like without each of them.
 */
export function withoutOneFall(judgement: Judgement, evidence: Evidence): Judgement[] {
  const { series, rate } = judgement;
  if (!isNativeBytes(series.channel)) return [];
  const levels = evidence.levels(series);
  return firstSurge(evidence).flatMap((at): Judgement[] => {
    const bytes = evidence.growth(levels, [at]) - rate * evidence.operations([at]);
    const fall: Jump = { at, bytes };
    return bytes > -LEAST_JUMP ? [] : [{ ...judgement, series: { ...series, jumps: [...(series.jumps ?? []), fall] } }];
  });
}

/** Its large doses and the usual ones after them. */
function firstSurge({ marks: { surge, after } }: Evidence): number[] {
  const second = secondSurge(surge, after);
  return [...surge, ...after].filter((at) => at < second);
}

export function hasSecondSurge({ marks: { surge, after } }: Evidence): boolean {
  return secondSurge(surge, after) < Number.POSITIVE_INFINITY;
}

/** Position of the first large dose that follows usual ones. */
function secondSurge(surge: readonly number[], after: readonly number[]): number {
  const [first = Number.POSITIVE_INFINITY] = after;
  return surge.find((at) => at > first) ?? Number.POSITIVE_INFINITY;
}
