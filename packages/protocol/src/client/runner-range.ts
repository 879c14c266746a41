/** A version is outside of a range like ">=3.2 <6". What is no version, as of a runner that does not tell, is not. */
export function outsideRange(version: string, range: string): boolean {
  const own = numbers(version);
  if (own.length === 0) return false;
  return [...range.matchAll(/(>=|<)\s*([\d.]+)/g)].some(([, relation, limit = '']) => {
    const order = compare(own, numbers(limit));
    return relation === '<' ? order >= 0 : order < 0;
  });
}

/** "4.1.12-beta.3" → [4, 1, 12]: what comes before a release counts as the release. */
function numbers(version: string): number[] {
  return (/^\d+(\.\d+)*/.exec(version)?.[0] ?? '').split('.').filter(Boolean).map(Number);
}

function compare(one: readonly number[], other: readonly number[]): number {
  for (let index = 0; index < Math.max(one.length, other.length); index += 1) {
    const difference = (one[index] ?? 0) - (other[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
