import type { AcceptedGrowth, Baseline, BaselineGrowth, Growth } from '@firstchance/model';

/** Beyond the interval a slope may differ by this much of itself: other machines, other rounding of object sizes. */
const TOLERANCE = 0.05;

/** Takes out what grew as much before; what is new, or grows more than it did, stays. */
export function applyBaseline(
  growth: readonly Growth[],
  baseline: Baseline | undefined,
  name: string,
): { growth: readonly Growth[]; accepted: readonly AcceptedGrowth[] } {
  const known = baseline?.checks[name]?.growth ?? [];
  const left: Growth[] = [];
  const accepted: AcceptedGrowth[] = [];
  for (const one of growth) {
    const before = known.find((candidate) => candidate.fingerprint === one.fingerprint);
    if (before && !isWorse(one, before))
      accepted.push({ ...one, by: 'baseline', why: `the baseline has ${before.perOperation} per operation` });
    else left.push(one);
  }
  return { growth: left, accepted };
}

/** Worse for certain: the intervals of the two slopes are apart, and not by rounding alone. */
function isWorse(now: Growth, before: BaselineGrowth): boolean {
  const limit = before.high + TOLERANCE * Math.abs(before.perOperation);
  if (now.low > limit) return true;
  const { bytesPerOperation: bytes } = now;
  // As many objects as before, each larger.
  return bytes !== undefined && before.bytesPerOperation !== null && bytes > before.bytesPerOperation * 1.5;
}
