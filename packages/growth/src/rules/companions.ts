import { sum } from '../statistics/order.ts';
import type { Decision } from './decide.ts';
import type { Evidence } from './evidence.ts';
import { ENDS, OPEN } from './surge.ts';

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
  const [mine, its] = [one, other].map(({ judgement: { series } }) => {
    const levels = evidence.levels(series);
    return levels.slice(1).map((level, at) => level - (levels[at] ?? 0));
  }) as [number[], number[]];
  const times = Math.round(sum(mine) / sum(its));
  if (!(times >= 1)) return false;
  const apart = sum(mine.map((growth, at) => Math.abs(growth - times * (its[at] ?? 0))));
  const last = evidence.marks.surge.at(-1) ?? 0;
  const beyond = sum(mine.slice(last)) - times * sum(its.slice(last));
  return apart <= SCATTER * sum(mine) && beyond <= DRIFT;
}
