import type { Baseline, GrowthCheck, Verdict } from '@firstchance/model';
import { applyBaseline } from './apply-baseline.ts';
import { applySuppressions } from './apply-suppressions.ts';
import type { LoadedSuppression } from './suppression-file.ts';

/** What is known beforehand and does not fail. */
export interface Acceptance {
  readonly suppressions: readonly LoadedSuppression[];
  readonly baseline: Baseline | undefined;
}

/** The check with what is known taken out of its growth, and the verdict that remains. Unused suppressions are told. */
export function acceptGrowth(check: GrowthCheck, { suppressions, baseline }: Acceptance): GrowthCheck {
  if (check.verdict !== 'LEAK' && check.verdict !== 'GROWS_WHILE_IDLE') return withUnused(check, suppressions);
  const suppressed = applySuppressions(check.growth, suppressions);
  const known = applyBaseline(suppressed.growth, baseline, check.name ?? '');
  const accepted = [...(check.accepted ?? []), ...suppressed.accepted, ...known.accepted];
  if (accepted.length === (check.accepted?.length ?? 0)) return withUnused(check, suppressed.unused);
  const judged: GrowthCheck = { ...check, growth: [...known.growth], accepted };
  const taken = suppressed.accepted.length + known.accepted.length;
  const rest = known.growth.length;
  const verdict = verdictOf(judged);
  const reason =
    rest === 0
      ? `nothing grows but what is known (${taken} accepted by suppressions and baseline)`
      : `${check.reason} (${taken} more accepted by suppressions and baseline)`;
  return withUnused({ ...judged, verdict, reason }, suppressed.unused);
}

function verdictOf({ growth, verdict }: GrowthCheck): Verdict {
  if (growth.length === 0) return 'PASS';
  if (verdict === 'LEAK' && growth.every((one) => one.follows === 'time')) return 'GROWS_WHILE_IDLE';
  return verdict;
}

function withUnused(check: GrowthCheck, unused: readonly LoadedSuppression[]): GrowthCheck {
  if (unused.length === 0) return check;
  const notes = unused.map(({ where, reason }) => `${where}: this suppression matched nothing (${reason})`);
  return { ...check, notes: [...(check.notes ?? []), ...notes] };
}
