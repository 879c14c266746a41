import type { CheckEntry } from '../read-model/read-model.ts';

/** Whether a check that did not pass counted for the exit code; of records that do not say, by the mode. */
export function failsBuild({ record: { verdict, fails }, check }: Pick<CheckEntry, 'record' | 'check'>): boolean {
  if (verdict !== 'INCONCLUSIVE') return verdict !== 'PASS';
  return fails ?? check()?.mode === 'thorough';
}
