import { sum } from '../statistics/order.ts';
import type { Evidence } from './evidence.ts';
import type { Judgement } from './judgement.ts';

/** One-sided 0.6 % of the normal distribution: from the measured rounds to the end it became rarer. */
const CLEAR = 2.5;
/** One-sided 10 %: it still does so in the large doses, as a leak beside a cache that was filled before does not. */
const GOES_ON = 1.3;
/** One-sided 2 %: where a part met a limit, what is left still becomes rarer. */
const REST = 2;

interface Stretch {
  readonly operations: number;
  readonly events: number;
}

/**
 * Whether what happens at most once in an operation becomes rarer with the operations, by more than chance. Random choices among
 * a limited number look like a leak until most have been chosen; what leaks with some chance keeps its chance. Perhaps: it did
 * until the large doses, and whether it still does is too few events to say.
 * @param part a part of it has met a limit already: only the last of the large doses count
 */
export function declines(judgement: Judgement, evidence: Evidence, part: boolean): 'yes' | 'no' | 'perhaps' {
  const { surge, after } = evidence.marks;
  const levels = evidence.levels(judgement.series);
  const stretches = (positions: readonly number[]): Stretch[] =>
    positions
      .map((at) => ({ operations: evidence.operations([at]), events: evidence.growth(levels, [at]) }))
      .filter(({ operations }) => operations > 0);
  const late = stretches([...(part ? surge.slice(-3) : surge), ...after]);
  const all = [...stretches(evidence.measured()), ...late];
  if (all.some(({ operations, events }) => events < 0 || events > operations)) return 'no';
  if (part) return -trend(late) > REST ? 'yes' : 'no';
  if (-trend(all) <= CLEAR) return 'no';
  return -trend(late) > GOES_ON ? 'yes' : 'perhaps';
}

/** How clearly the chance of an event rises with the operations, as a normal deviate (Armitage, Tests for Linear Trends, 1955). */
function trend(stretches: readonly Stretch[]): number {
  const operations = sum(stretches.map((one) => one.operations));
  const chance = sum(stretches.map(({ events }) => events)) / operations;
  let before = 0;
  const places = stretches.map((one) => {
    before += one.operations;
    return before - one.operations / 2;
  });
  const middle = sum(stretches.map((one, at) => one.operations * (places[at] ?? 0))) / operations;
  const slope = sum(stretches.map((one, at) => one.events * ((places[at] ?? 0) - middle)));
  const spread = sum(stretches.map((one, at) => one.operations * ((places[at] ?? 0) - middle) ** 2));
  const variance = chance * (1 - chance) * spread;
  return variance > 0 ? slope / Math.sqrt(variance) : 0;
}
