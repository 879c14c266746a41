import { isOwn } from '../series/family.ts';
import { type Sample, splitKey } from '../series/sample.ts';

/** More than a handful is a start that is still going on, and no rare event. */
const FEW = { least: 2, most: 12 };

/**
 * Rate of own types that grew by a few since the middle of the warm-up and never fell: too rare for the measured rounds alone,
 * but a reason to measure on with larger doses. 0: there is none.
 */
export function rareRate(samples: readonly Sample[], base: number): number {
  const since = samples.slice(base >> 1);
  const [first] = since;
  const last = since.at(-1);
  if (first === undefined || last === undefined) return 0;
  const operations = since.slice(1).reduce((total, { step }) => total + step.dose, 0);
  let fewest = Number.POSITIVE_INFINITY;
  for (const [key, [instances]] of last.types) {
    const { type, module } = splitKey(key);
    const grown = instances - (first.types.get(key)?.[0] ?? 0);
    if (grown < FEW.least || grown > FEW.most || !isOwn(type, module)) continue;
    const levels = since.map(({ types }) => types.get(key)?.[0] ?? 0);
    if (new Set(levels).size > 2 && levels.every((level, at) => at === 0 || level >= (levels[at - 1] ?? 0))) {
      fewest = Math.min(fewest, grown);
    }
  }
  return operations === 0 || fewest === Number.POSITIVE_INFINITY ? 0 : fewest / operations;
}
