import { median } from '../statistics/order.ts';
import type { Evidence } from './evidence.ts';
import type { Judgement } from './judgement.ts';

export type SurgeOutcome =
  | { readonly kind: 'grows'; readonly rate: number; readonly why: string }
  | { readonly kind: 'limit'; readonly why: string }
  | { readonly kind: 'unclear'; readonly why: string };

const LEAST = 3;
/** Events that must be expected before their absence means something. */
const EXPECTED = 6;
/** Enough for a rate to be told from one a quarter lower. */
const MANY = 100;
const OPEN: SurgeOutcome = { kind: 'unclear', why: 'it slows down, and whether it ends was not seen' };

/** Whether growth keeps its rate through many times the operations, or meets a limit. `perMs` is what time makes beside it. */
export function surgeOutcome(judgement: Judgement, evidence: Evidence, perMs: number): SurgeOutcome {
  const { surge, after, measured } = evidence.marks;
  const levels = evidence.levels(judgement.series);
  const grown = (positions: readonly number[]) =>
    evidence.growth(levels, positions) - perMs * evidence.wallMs(positions);
  const rateOf = (positions: readonly number[]) => grown(positions) / Math.max(1, evidence.operations(positions));
  if (judgement.follows === 'round') return byRounds(judgement, evidence, grown);

  const before = judgement.rate;
  const rates = surge.map((at) => rateOf([at]));
  const tail = tailOf(judgement, evidence);
  const last = rateOf(tail);
  const afterRate = rateOf(after);
  const fallen = (levels.at(-1) ?? 0) - (levels[0] ?? 0) < 0.5 * ((levels[measured] ?? 0) - (levels[0] ?? 0));
  if (fallen) return { kind: 'limit', why: 'it was let go later in the check' };
  const lastGrown = grown(tail);
  const recent = surge.slice(-3);
  const stable = steady(recent.map((at) => rateOf([at])));
  if (stable && grown(recent) > 2 * judgement.total && grown(recent) >= 2 * LEAST && afterRate > 0.5 * last) {
    const why = last >= 0.5 * before ? '' : 'a part of it met a limit, the rest goes on';
    return { kind: 'grows', rate: last, why };
  }
  const slowing = slowingOf(judgement, evidence, grown);
  const declines =
    grown(surge) >= MANY &&
    afterRate < 0.75 * before &&
    rates.every((rate, at) => rate < 1.05 * (rates[at - 1] ?? before));
  if (last < 0.75 * before && declines && slowing === 'open') return OPEN;
  if (last >= 0.5 * before && lastGrown >= LEAST && rateOf(surge) >= 0.5 * before) {
    // Rare events: what is expected of the usual rounds after the surge may be less than one.
    const expected = before * evidence.operations(after);
    if (afterRate >= 0.3 * before || expected < EXPECTED) return { kind: 'grows', rate: last, why: '' };
    return { kind: 'limit', why: limitWhy(evidence, measured) };
  }
  if (before * evidence.operations(surge) < EXPECTED && grown([...surge, ...after]) >= LEAST) {
    return { kind: 'unclear', why: 'the surge was too small for so rare an event' };
  }
  if (slowing === 'endless') return { kind: 'grows', rate: afterRate, why: 'it slows down but does not end' };
  if (slowing === 'open') return OPEN;
  if (judgement.status === 'unsure' && last >= 0.1 * before && lastGrown >= LEAST && afterRate > 0.1 * before) {
    return { kind: 'unclear', why: 'a large dose made it grow, but less than before' };
  }
  return { kind: 'limit', why: limitWhy(evidence, measured) };
}

/** The end of the surge in which at least some events are expected. */
function tailOf(judgement: Judgement, evidence: Evidence): number[] {
  const { surge } = evidence.marks;
  let first = surge.length - 1;
  while (first > 0 && judgement.rate * evidence.operations(surge.slice(first)) < EXPECTED) first--;
  return surge.slice(Math.max(0, first));
}

function limitWhy(evidence: Evidence, measured: number): string {
  const operations = evidence.operations(evidence.samples.map((_, at) => at).slice(measured + 1));
  return `it reached a limit: ${operations} more operations did not make it grow as before`;
}

function steady(rates: readonly number[]): boolean {
  const middle = median(rates);
  return rates.length >= 3 && middle > 0 && rates.every((rate) => Math.abs(rate - middle) <= 0.35 * middle);
}

/** Least range of operations over which a logarithm is told from a limit that is still far. */
const LEAST_RANGE = 5;
const LEAST_EVENTS = 30;
const LEAST_LATE = 10;

/**
 * Growth that slows down. Of a logarithm, rate times operations stays the same; of random keys of a limited number
 * (K (1 - exp(-n/K))) it first rises, then falls to nothing.
 */
function slowingOf(
  judgement: Judgement,
  evidence: Evidence,
  grown: (positions: readonly number[]) => number,
): 'endless' | 'ends' | 'open' {
  const { surge, after, idle } = evidence.marks;
  const measured = evidence.operations(evidence.measured());
  let operations = evidence.operationsBefore + measured / 2;
  const first = operations;
  const products = [judgement.rate * operations];
  operations += measured / 2 + evidence.operations(idle);
  for (const at of surge) {
    const next = operations + evidence.operations([at]);
    products.push(grown([at]) / Math.log(next / operations));
    operations = next;
  }
  // The usual rounds after it count when enough is expected of them.
  const end = operations + evidence.operations(after);
  if (Math.max(...products) * Math.log(end / operations) >= LEAST_LATE) {
    products.push(grown(after) / Math.log(end / operations));
  }
  const most = Math.max(...products);
  const last = products.at(-1) ?? 0;
  if (grown(surge) < LEAST_EVENTS || !(last > 0.5 * most) || grown(after) <= 0) return 'ends';
  if (operations < LEAST_RANGE * first) return 'open';
  return most <= 1.35 * Math.min(...products) ? 'endless' : 'open';
}

function byRounds(
  judgement: Judgement,
  evidence: Evidence,
  grown: (positions: readonly number[]) => number,
): SurgeOutcome {
  const { surge, after } = evidence.marks;
  const rounds = evidence.working([...surge, ...after]);
  const expected = judgement.perRound * rounds;
  return grown([...surge, ...after]) >= 0.5 * expected && grown(after) > 0
    ? { kind: 'grows', rate: judgement.rate, why: '' }
    : { kind: 'limit', why: 'it reached a limit' };
}
