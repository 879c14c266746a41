import { isAbsolute, join } from 'node:path';
import type { GrowthCheck } from '@firstchance/model';
import { acceptGrowth, readBaseline, readSuppressions, writeBaseline } from '@firstchance/session';

export interface AcceptanceFiles {
  readonly suppressions: string | undefined;
  readonly baseline: string | undefined;
  readonly writeBaseline: boolean;
}

export interface Accepting {
  /** Takes out of a check what is known beforehand; writes the baseline when that was asked for. */
  readonly accept: (check: GrowthCheck) => GrowthCheck;
  /** Suppressions that do not hold any more, in words. */
  readonly warnings: readonly string[];
}

/** Reads what is known beforehand, so that a wrong file is told before anything is measured. @throws UsageError with file and line */
export function acceptance(files: AcceptanceFiles, folder: string): Accepting {
  const absolute = (path: string) => (isAbsolute(path) ? path : join(folder, path));
  const today = new Date().toISOString().slice(0, 10);
  const { suppressions: file, baseline: baselineFile } = files;
  const loaded = file === undefined ? { entries: [], warnings: [] } : readSuppressions(absolute(file), file, today);
  const before = baselineFile === undefined ? undefined : readBaseline(absolute(baselineFile), baselineFile);
  const missing = baselineFile !== undefined && before === undefined && !files.writeBaseline;
  return {
    accept: (check) => {
      const judged = files.writeBaseline && isVerdict(check) && baselineFile !== undefined;
      const baseline = judged ? writeBaseline(absolute(baselineFile), before, check.name ?? '', check.growth) : before;
      return acceptGrowth(check, { suppressions: loaded.entries, baseline });
    },
    warnings: [
      ...loaded.warnings,
      ...(missing ? [`there is no baseline file ${baselineFile} yet; --write-baseline makes one`] : []),
    ],
  };
}

/** A check that could not be done, or decided, is no measure for later ones. */
function isVerdict({ verdict }: GrowthCheck): boolean {
  return verdict === 'PASS' || verdict === 'LEAK' || verdict === 'GROWS_WHILE_IDLE';
}
