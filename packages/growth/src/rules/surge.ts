import { median } from '../statistics/order.ts';
import { idleRate } from './drain.ts';
import type { Evidence } from './evidence.ts';
import type { Judgement } from './judgement.ts';

export type SurgeOutcome =
  | { readonly kind: 'grows'; readonly rate: number; readonly why: string }
  | { readonly kind: 'limit'; readonly why: string }
  | { readonly kind: 'unclear'; readonly why: string };

const LEAST = 3;

/** Whether growth keeps its rate through many times the operations, or meets a limit. */
export function surgeOutcome(judgement: Judgement, evidence: Evidence): SurgeOutcome {
  const { surge, after, measured } = evidence.marks;
  const levels = evidence.levels(judgement.series);
  const background = idleRate(judgement, evidence);
  const grown = (positions: readonly number[]) =>
    evidence.growth(levels, positions) - background * evidence.wallMs(positions);
  const rateOf = (positions: readonly number[]) => grown(positions) / Math.max(1, evidence.operations(positions));
  if (judgement.follows === 'round') return byRounds(judgement, evidence, grown);

  const before = judgement.rate;
  const rates = surge.map((at) => rateOf([at]));
  const last = rates.at(-1) ?? 0;
  const afterRate = rateOf(after);
  const fallen = (levels.at(-1) ?? 0) - (levels[0] ?? 0) < 0.5 * ((levels[measured] ?? 0) - (levels[0] ?? 0));
  if (fallen) return { kind: 'limit', why: 'it was let go later in the check' };
  const lastGrown = grown(surge.slice(-1));
  if (last >= 0.5 * before && lastGrown >= LEAST) {
    // Rare events: what is expected of the usual rounds after the surge may be less than one.
    const expected = before * evidence.operations(after);
    if (afterRate >= 0.3 * before || expected < 6) return { kind: 'grows', rate: last, why: '' };
    return { kind: 'limit', why: limitWhy(evidence, measured) };
  }
  const stable = steady(rates, median(rates));
  if (stable && grown(surge) > 2 * judgement.total && grown(surge) >= 2 * LEAST) {
    return { kind: 'grows', rate: last, why: 'a part of it met a limit, the rest goes on' };
  }
  if (slows(evidence, rates, afterRate, judgement, grown)) {
    return { kind: 'grows', rate: afterRate, why: 'it slows down but does not end' };
  }
  if (judgement.status === 'unsure' && last >= 0.1 * before && lastGrown >= LEAST && afterRate > 0.1 * before) {
    return { kind: 'unclear', why: 'a large dose made it grow, but less than before' };
  }
  return { kind: 'limit', why: limitWhy(evidence, measured) };
}

function limitWhy(evidence: Evidence, measured: number): string {
  const operations = evidence.operations(evidence.samples.map((_, at) => at).slice(measured + 1));
  return `it reached a limit: ${operations} more operations did not make it grow as before`;
}

function steady(rates: readonly number[], middle: number): boolean {
  return rates.length >= 3 && middle > 0 && rates.every((rate) => Math.abs(rate - middle) <= 0.35 * middle);
}

/** Like a logarithm: rate times operations so far stays about the same, where a limit would end it. */
function slows(
  evidence: Evidence,
  rates: readonly number[],
  afterRate: number,
  judgement: Judgement,
  grown: (positions: readonly number[]) => number,
): boolean {
  const { surge, after, idle } = evidence.marks;
  if (grown(after) < 2 * LEAST || rates.some((rate) => rate <= 0)) return false;
  const measured = evidence.operations(evidence.measured());
  let operations = evidence.operationsBefore + measured / 2;
  const products = [judgement.rate * operations];
  operations += measured / 2 + evidence.operations(idle);
  for (const at of surge) {
    const next = operations + evidence.operations([at]);
    products.push(grown([at]) / Math.log(next / operations));
    operations = next;
  }
  products.push(afterRate * (operations + evidence.operations(after) / 2));
  const middle = median(products);
  return products.every((product) => product > 0.3 * middle && product < 3 * middle);
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
