import type { CheckRecord, GrowthCheck } from '@firstchance/model';

/** Whether a check that did not pass counted for the exit code; of records that do not say, by the mode. */
export function failsBuild({ verdict, fails }: CheckRecord, check: GrowthCheck | null): boolean {
  if (verdict !== 'INCONCLUSIVE') return verdict !== 'PASS';
  return fails ?? check?.mode === 'thorough';
}
