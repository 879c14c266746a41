import { type Series, withoutJumps } from '../series/series.ts';
import type { Window } from '../series/window.ts';
import { doseSlope } from '../statistics/dose-slope.ts';
import { mean, median, medianInterval, sum } from '../statistics/order.ts';
import type { Judgement, Status } from './judgement.ts';
import { jumpsOf } from './jumps.ts';

/** Least growth per operation that is told from noise: a fixed amount, or one per dose (measured on programs without leaks). */
const LIMITS: Readonly<Record<string, { operation: number; dose: number }>> = {
  managedBytes: { operation: 24, dose: 1536 },
  mallocBytes: { operation: 100, dose: 3072 },
  mappedBytes: { operation: 512, dose: 65_536 },
};
const PAGES = { operation: 512, dose: 24_576 };
const LEAST_BLOCKS = 8;
/** Without that step it grew by less than half of what is told from noise. */
export const SINGLE_STEP = 'most of it came in a single step';

export function byteLimit(channel: string, dose: number): number {
  const limit = LIMITS[channel] ?? PAGES;
  return Math.max(limit.operation, limit.dose / Math.max(1, dose));
}

/**
 * One amount of bytes over the measured rounds: the slope on the dose, block by block, because bytes are noisy. The runtime's own
 * compiler takes and frees a megabyte at once: where that spoils blocks, the pairs of all rounds still tell.
 */
export function judgeBytes(series: Series, window: Window): Judgement {
  const { left: jumps, drowned } = jumpsOf(series, window);
  const growth = window.growth(withoutJumps(series.levels, jumps));
  const without = new Set(jumps.map(({ at }) => at - 1));
  const kept = growth.map((_, round) => round).filter((round) => !without.has(round));
  const of = (values: readonly number[], rounds = kept) => rounds.map((round) => values[round] ?? 0);
  const slopes = window.blockSlopes(growth, without);
  const blocks = { rate: median(slopes), ...medianInterval(slopes) };
  const pairs = doseSlope(of(window.doses), of(growth));
  const { rate, low, high } = blocks.low > 0 || !(pairs.low > 0) ? blocks : pairs;
  const idle = of(
    growth,
    kept.filter((round) => window.doses[round] === 0),
  );
  const working = of(
    growth,
    kept.filter((round) => window.doses[round] !== 0),
  );
  const limit = byteLimit(series.channel, window.dose);
  const judged = (status: Status, why = '', more: Partial<Judgement> = {}): Judgement => ({
    series: jumps.length === 0 ? series : { ...series, jumps },
    status,
    why,
    follows: 'operation',
    rate,
    low,
    high,
    idlePerRound: median(idle),
    perRound: median(working),
    total: sum(growth),
    hint: drowned,
    probability: 1,
    slowing: false,
    ...more,
  });
  if (growsIdle(idle, limit * window.dose, mean(growth))) return judged('idle', '', { follows: 'time' });
  if (mayGrowIdle(idle, limit * window.dose, mean(growth))) return judged('unsure', 'it also grows without operations');
  if (!(rate > limit)) return judged('flat');
  const half = slopes.length >> 1;
  const late = Math.max(median(slopes.slice(half)), lateRate(3 * half, window, growth));
  if (late < 0.4 * rate) return judged('harmless', 'it stopped growing during the check');
  const largest = Math.max(0, ...growth);
  const withoutLargest = (sum(growth) - largest) / Math.max(1, window.operations);
  if (withoutLargest < limit / 2) return judged(low > 0 ? 'unsure' : 'harmless', SINGLE_STEP);
  if (slopes.length >= LEAST_BLOCKS && low > limit / 2) return judged('candidate');
  return low > 0 || mostFollow(rate, window, growth, idle)
    ? judged('unsure', 'its growth is hardly larger than its noise')
    : judged('flat');
}

/** Nearly all rounds with work grew as the rate says, and those without did not: chance does that once in 30 times (7 of 8). */
function mostFollow(
  rate: number,
  { doses, dose }: Window,
  growth: readonly number[],
  idle: readonly number[],
): boolean {
  const working = growth.flatMap((value, at) => ((doses[at] ?? 0) > 0 ? [value >= 0.5 * rate * (doses[at] ?? 0)] : []));
  return working.filter(Boolean).length >= 0.85 * working.length && median(idle) <= 0.25 * rate * dose;
}

/**
 * The rate from this round on, by all pairs of rounds or by the levels at both ends, whichever is more: a wild reading that the
 * next one takes back does not make it seem to have stopped.
 */
function lateRate(first: number, { doses }: Window, growth: readonly number[]): number {
  const { rate } = doseSlope(doses.slice(first), growth.slice(first));
  const ends = sum(growth.slice(first)) / Math.max(1, sum(doses.slice(first)));
  return Number.isNaN(rate) ? ends : Math.max(rate, ends);
}

/** Too few rounds to say so, but each of them grew. */
function mayGrowIdle(idle: readonly number[], limit: number, perRound: number): boolean {
  return (
    idle.length < LEAST_BLOCKS && Math.min(...idle) > 0 && median(idle) > 0.5 * perRound && median(idle) > limit / 2
  );
}

/** Grows in most rounds without operations too, by more than noise. */
function growsIdle(idle: readonly number[], limit: number, perRound: number): boolean {
  if (idle.length < LEAST_BLOCKS) return false;
  const grew = idle.filter((value) => value > 0).length >= 0.7 * idle.length;
  return grew && medianInterval(idle).low > limit / 4 && median(idle) > 0.5 * perRound && median(idle) > limit / 2;
}
