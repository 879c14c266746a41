import type { Growth } from '@firstchance/model';

/** Where what is kept may be meant to be kept, up to a limit. */
const MAY_END = new Set(['static-collection', 'unbounded-cache']);

/**
 * A cache whose limit was not reached looks like a leak. Nobody can know what a program is meant to do, but how far was looked is
 * known: so many lived at the end.
 */
export function withLimitHint(growth: Growth): Growth {
  const { cure = '', pattern, channel, type, series, follows = 'operation' } = growth;
  const alive = series?.at(-1);
  const counted = channel === 'instances' && follows !== 'round' && alive !== undefined;
  // An array says how much is in it to a factor of two: one that is full at last looks so as well.
  const array = channel === 'managedBytes' && type !== undefined && follows === 'operation';
  // Text that is put together is kept in arrays as well, and is no collection.
  const mayEnd = MAY_END.has(pattern ?? '') || (array && pattern === null);
  if (!mayEnd || !(counted || array)) return growth;
  const hint = array
    ? 'If it is a buffer or cache with a limit, it may just have been filling up: --surge COUNT with more than the limit tells.'
    : follows === 'time'
      ? `If it fills up to a limit above ${alive} and stays so, --idle TIME waits until it is full.`
      : `If it is a cache with a limit above ${alive}, the operations did not come so far: --surge COUNT does more.`;
  return { ...growth, cure: cure === '' ? hint : `${cure} ${hint}` };
}
