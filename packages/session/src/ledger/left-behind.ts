import type { TypeInfo } from '@firstchance/model';

/** Types beyond these are in no table anybody reads. */
const MOST_TYPES = 50;

/** What is there now and was not before, by type; most bytes first. Types that became fewer are not told: nothing was left. */
export function leftBehind(before: readonly TypeInfo[], after: readonly TypeInfo[]): TypeInfo[] {
  const then = byName(before);
  return [...byName(after)]
    .map(([key, now]) => {
      const { instances = 0, bytes = 0 } = then.get(key) ?? {};
      return { ...now, instances: now.instances - instances, bytes: Math.max(0, now.bytes - bytes) };
    })
    .filter(({ instances }) => instances > 0)
    .sort((a, b) => b.bytes - a.bytes || b.instances - a.instances)
    .slice(0, MOST_TYPES);
}

/** A type may be loaded several times (load contexts): it is one to the reader. */
function byName(types: readonly TypeInfo[]): Map<string, TypeInfo> {
  const sums = new Map<string, TypeInfo>();
  for (const type of types) {
    const key = `${type.type}\0${type.module ?? ''}`;
    const known = sums.get(key);
    if (known === undefined) sums.set(key, { ...type });
    else sums.set(key, { ...known, instances: known.instances + type.instances, bytes: known.bytes + type.bytes });
  }
  return sums;
}
