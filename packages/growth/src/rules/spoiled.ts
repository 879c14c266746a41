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
  const { surge, after } = evidence.marks;
  const first = [...surge, ...after].filter((at) => at < evidence.secondSurge);
  return first.flatMap((at): Judgement[] => {
    const bytes = evidence.growth(levels, [at]) - rate * evidence.operations([at]);
    const fall: Jump = { at, bytes };
    return bytes > -LEAST_JUMP ? [] : [{ ...judgement, series: { ...series, jumps: [...(series.jumps ?? []), fall] } }];
  });
}
