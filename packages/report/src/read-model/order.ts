import { type CaptureKind, EXIT, isFailedState, type Verdict } from '@firstchance/model';
import type { CaptureEntry, TestEntry } from './read-model.ts';

/* What is more important than what. */

/** Worst last, as the exit codes are ordered: what could not run hides whatever else there may be. */
const BADNESS: readonly Verdict[] = ['PASS', 'INCONCLUSIVE', 'GROWS_WHILE_IDLE', 'LEAK', 'INFRASTRUCTURE_ERROR'];
export const badness = (verdict: Verdict): number => BADNESS.indexOf(verdict);

/** Of an exit code, from 0 for all is well: ours as they are ordered, the command's own failure above them. */
export function severity(code: number): number {
  const ours: readonly number[] = [EXIT.fine, EXIT.inconclusive, EXIT.growsWhileIdle, EXIT.leak, EXIT.infrastructure];
  const place = ours.indexOf(code);
  return place < 0 ? ours.length : place;
}

const KINDS: readonly CaptureKind[] = [
  ...(['unhandled', 'deadline', 'growth', 'memory', 'first-chance', 'exit', 'manual'] as const),
];

/** Captures of failed tests first, then by what is worse to happen. */
export function compareCaptures(a: CaptureEntry, b: CaptureEntry): number {
  return rank(a) - rank(b) || compareTexts(a.record.id, b.record.id);
}

function rank({ record, testState }: CaptureEntry): number {
  return KINDS.indexOf(record.trigger.kind) - (isFailedState(testState) ? KINDS.length : 0);
}

export function isFailed({ record }: TestEntry): boolean {
  return isFailedState(record.state);
}

export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
