import type { Growth } from '@firstchance/model';

/** Where what is kept may be meant to be kept, up to a limit. */
const MAY_END = new Set(['static-collection', 'unbounded-cache']);

/**
 * A cache whose limit was not reached looks like a leak. Nobody can know what a program is meant to do, but how far was looked is
 * known: so many lived at the end.
 */
export function withLimitHint(growth: Growth): Growth {
  const { cure = '', pattern, channel, series, follows = 'operation' } = growth;
  const alive = series?.at(-1);
  const counted = channel === 'instances' && follows !== 'round' && alive !== undefined;
  if (!counted || !MAY_END.has(pattern ?? '')) return growth;
  const hint =
    follows === 'time'
      ? `If it fills up to a limit above ${alive} and stays so, --idle TIME waits until it is full.`
      : `If it is a cache with a limit above ${alive}, the operations did not come so far: --surge COUNT does more.`;
  return { ...growth, cure: cure === '' ? hint : `${cure} ${hint}` };
}
