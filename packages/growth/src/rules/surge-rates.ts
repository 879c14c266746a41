import { isBytes } from '../series/series.ts';
import { median } from '../statistics/order.ts';
import type { Evidence } from './evidence.ts';
import type { Judgement } from './judgement.ts';
import { isNativeBytes } from './jumps.ts';

/** Instances; fewer are no growth. */
export const LEAST = 3;
/** Events that must be expected before their absence means something. */
export const EXPECTED = 6;
/** Up to so many events chance is looked at. */
export const RARE = 60;
/** Rounds of which one in the middle can be spoken of. */
const LEAST_USUAL = 4;
/** Part of a rate by which the next may be lower and still be the same. */
const SAME = 0.1;

type RateOf = (positions: readonly number[]) => number;

/**
 * Bytes of which the last large dose brought as much as the one before, for each operation: a rate that has fallen once and stays.
 * Choices among a limited number, whose rate falls by a quarter, fall by more than this from dose to dose.
 */
export function settles(judgement: Judgement, evidence: Evidence, rateOf: RateOf): boolean {
  const { series, rate } = judgement;
  if (!isBytes(series.channel)) return false;
  const after = afterOf(judgement, evidence);
  const [before = 0, last = 0] = evidence.marks.surge.slice(-2).map((at) => rateOf([at]));
  return Math.abs(last - before) <= SAME * before && last >= 0.1 * rate && rateOf(after) > 0.5 * last;
}

/** Rounds after the large doses: of bytes, whose rounds need no chance, those after the last of them. */
export function afterOf({ series }: Judgement, { marks: { surge, after } }: Evidence): readonly number[] {
  const end = surge.at(-1) ?? 0;
  return isBytes(series.channel) ? after.filter((at) => at > end) : after;
}

/**
 * Rate of the rounds after the large doses. What the runtime's compiler takes and frees of native memory is as much as these few
 * operations bring: there the round in the middle counts where it says more than all of them together.
 */
export function usualRate({ series }: Judgement, evidence: Evidence, after: readonly number[], rateOf: RateOf): number {
  const all = rateOf(after);
  const working = after.filter((at) => evidence.operations([at]) > 0);
  if (!isNativeBytes(series.channel) || working.length < LEAST_USUAL) return all;
  return Math.max(all, median(working.map((at) => rateOf([at]))));
}

/** The end of the surge in which at least some events are expected. */
export function tailOf(judgement: Judgement, evidence: Evidence): number[] {
  const { surge } = evidence.marks;
  let first = surge.length - 1;
  while (first > 0 && judgement.rate * evidence.operations(surge.slice(first)) < EXPECTED) first--;
  return surge.slice(Math.max(0, first));
}

/** Equal as far as so few events can be; `least` is the smallest growth among them. */
export function steady(rates: readonly number[], least: number): boolean {
  const middle = median(rates);
  const tolerance = Math.min(0.35, Math.max(0.1, 3 / Math.sqrt(Math.max(1, least))));
  return rates.length >= 3 && middle > 0 && rates.every((rate) => Math.abs(rate - middle) <= tolerance * middle);
}

/** Few events scatter: the end of the surge and what follows it may have had fewer of them by chance. */
export function byChanceFewer(
  judgement: Judgement,
  evidence: Evidence,
  positions: readonly number[],
  seen: number,
  lump: number,
): boolean {
  const expected = judgement.rate * evidence.operations(positions);
  return expected < RARE * lump && seen >= LEAST && expected - seen < 2.6 * Math.sqrt(expected * lump);
}
