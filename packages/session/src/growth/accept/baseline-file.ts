import { readFileSync } from 'node:fs';
import { writeWhole } from '@firstchance/manifest';
import {
  type Baseline,
  baselineSchema,
  conforms,
  errorCode,
  errorText,
  type Growth,
  UsageError,
} from '@firstchance/model';

/** @throws UsageError when it is there and cannot be used; undefined when it is not there */
export function readBaseline(path: string, shown: string): Baseline | undefined {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    const why = errorText(error);
    throw new UsageError(`the baseline file ${shown} could not be read: ${why}`, { cause: error });
  }
  const checked = conforms(baselineSchema, content);
  if (!checked.ok) throw new UsageError(`the baseline file ${shown} is no baseline: ${checked.problem}`);
  return checked.value;
}

/** Puts what one check measured into the file; what it holds of other checks stays. Sorted, so that a diff can be read. */
export function writeBaseline(
  path: string,
  before: Baseline | undefined,
  name: string,
  growth: readonly Growth[],
): Baseline {
  const own = growth
    .map(({ fingerprint, channel, type, perOperation, low, high, bytesPerOperation }) => ({
      ...{ fingerprint, channel, type: type ?? null, perOperation, low, high },
      bytesPerOperation: bytesPerOperation ?? null,
    }))
    .sort((a, b) => a.fingerprint.localeCompare(b.fingerprint, 'en'));
  const checks = Object.entries({ ...before?.checks, [name]: { growth: own } });
  const after: Baseline = {
    schema: 1,
    checks: Object.fromEntries(checks.sort(([a], [b]) => a.localeCompare(b, 'en'))),
  };
  // It is kept with the sources: the umask says who may read it.
  writeWhole(path, `${JSON.stringify(after, null, 2)}\n`, 0o666);
  return after;
}
