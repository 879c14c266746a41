import type { CaptureKind } from '@firstchance/model';
import type { ReadModel } from '@firstchance/report';

/** Captures that nobody takes while all is well. */
const BAD: ReadonlySet<CaptureKind> = new Set(['unhandled', 'deadline', 'memory', 'growth']);

/** True when there is something to look into: a failed command, check or test, or a capture of a failure. */
export function hasFailed({ outcome, captures, totals }: ReadModel): boolean {
  return (
    outcome.exitCode !== 0 ||
    totals.failedChecks > 0 ||
    totals.failedTests > 0 ||
    captures.some(({ record }) => BAD.has(record.trigger.kind))
  );
}
