import { sum } from '../statistics/order.ts';
import type { Decision } from './decide.ts';
import type { Evidence } from './evidence.ts';
import { ENDS, OPEN } from './surge-outcome.ts';

/** Part of its growth by which a companion may differ from so many times the other. */
const SCATTER = 0.03;
/** And what may come of itself after the surge. */
const DRIFT = 2;

/**
 * Three strings for each customer come as often as customers do. Whether events become rarer can be told only of what comes at
 * most once in an operation, so that a type that comes with such a one, always as many, shares what was found of it.
 */
export function withCompanions(decisions: readonly Decision[], evidence: Evidence): Decision[] {
  const slowing = decisions.filter(({ outcome, why, follows, judgement: { series, status } }) => {
    // What a type grows by with time says nothing of what the work adds.
    const limited = outcome === 'harmless' && status === 'candidate' && follows !== 'time';
    return isType(series) && (limited || SLOWS.has(why));
  });
  return decisions.map((one) => {
    if (one.outcome !== 'leak' || !isType(one.judgement.series)) return one;
    const other = slowing.find(
      (candidate) => candidate.judgement.series !== one.judgement.series && comesWith(one, candidate, evidence),
    );
    return other === undefined ? one : { ...one, outcome: other.outcome, why: other.why };
  });
}

const SLOWS = new Set([ENDS.why, OPEN.why]);

function isType({ channel, type }: Decision['judgement']['series']): boolean {
  return channel === 'instances' && type !== undefined;
}

function comesWith(one: Decision, other: Decision, evidence: Evidence): boolean {
  const [mine, its] = [evidence.levels(one.judgement.series), evidence.levels(other.judgement.series)];
  const positions = mine.map((_, at) => at).slice(1);
  const times = Math.round(evidence.growth(mine, positions) / evidence.growth(its, positions));
  if (!(times >= 1)) return false;
  const beside = (at: readonly number[]) => evidence.growth(mine, at) - times * evidence.growth(its, at);
  const apart = sum(positions.map((at) => Math.abs(beside([at]))));
  const last = evidence.marks.surge.at(-1) ?? 0;
  const beyond = beside(positions.filter((at) => at > last));
  return apart <= SCATTER * evidence.growth(mine, positions) && beyond <= DRIFT;
}
