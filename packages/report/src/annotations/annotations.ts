import { isFailedState, type StackFrame, type Verdict, verdictText } from '@firstchance/model';
import { createdInText } from '../growth/created-in-text.ts';
import { failsBuild } from '../growth/fails-build.ts';
import { foldHeld } from '../growth/fold-held.ts';
import { foldedPath } from '../growth/folded-path.ts';
import type { CaptureEntry, CheckEntry, ReadModel } from '../read-model/read-model.ts';
import { placeText, standsAt } from '../text/doing.ts';
import { harmless } from '../text/harmless.ts';
import { limit } from '../text/limit.ts';
import { ownFrame } from '../text/own-code.ts';
import { captureTitle, checkTitle, growthTitle, testTitle } from '../text/titles.ts';

/** One remark at a place in the sources, for GitHub's annotations and SARIF. Texts are harmless lines. */
export interface Annotation {
  readonly level: 'error' | 'warning' | 'note';
  /** What kind of finding: "leak", "unhandled-exception". */
  readonly rule: string;
  readonly title: string;
  readonly message: string;
  /** Relative to the source root, forward slashes; null when no place below it is known. */
  readonly file: string | null;
  /** From 1. */
  readonly line: number | null;
  /** Equal for the same finding in another run; null where there is none. */
  readonly fingerprint: string | null;
}

const LONGEST = 1000;
/** Captures that nobody takes while all is well. */
const WARN: ReadonlySet<string> = new Set(['deadline', 'memory', 'growth']);
/** PATH_MAX of Linux is 4096; no source file comes near. */
const LONGEST_PATH = 1000;

/**
 * What is worth a remark, most important first: checks that did not pass, captures, problems.
 * @param sourceRoot absolute folder of the checkout; files outside it get no place
 */
export function annotations(model: ReadModel, sourceRoot: string): Annotation[] {
  return [
    ...model.checks.filter(({ record }) => record.verdict !== 'PASS').flatMap((entry) => ofCheck(entry, sourceRoot)),
    ...model.captures.map((entry) => ofCapture(entry, sourceRoot)),
    ...model.problems.map(({ what, why, cure }) =>
      make('warning', 'problem', 'firstchance could not do all it was asked', `${what}: ${why}. ${cure}`),
    ),
  ];
}

/** The rule of what is told of checks with this verdict: "grows-while-idle". */
export function verdictRule(verdict: Verdict): string {
  return verdict.toLowerCase().replaceAll('_', '-');
}

function ofCheck(entry: CheckEntry, sourceRoot: string): Annotation[] {
  const { record, test } = entry;
  const level = failsBuild(entry) ? 'error' : 'warning';
  const rule = verdictRule(record.verdict);
  const title = `${verdictText(record.verdict)}: ${checkTitle(entry)}`;
  const check = entry.check();
  const where = place(undefined, test, sourceRoot);
  if (!check || check.growth.length === 0) return [{ ...make(level, rule, title, record.reason), ...where }];
  return foldHeld(check.growth)
    .slice(0, 5)
    .map((growth) => {
      const { createdIn } = growth;
      const path = growth.path && growth.path.length > 0 ? `; held by ${foldedPath(growth.path).join(' -> ')}` : '';
      const made = createdIn ? `; ${createdInText(createdIn)}` : '';
      return {
        ...make(level, rule, title, `${growthTitle(growth)}${path}${made}`),
        ...(createdIn?.sure && createdIn.of === 1 ? place(createdIn.places[0], test, sourceRoot) : where),
        fingerprint: limit(harmless(growth.fingerprint), 200),
      };
    });
}

function ofCapture(entry: CaptureEntry, sourceRoot: string): Annotation {
  const { record, testState } = entry;
  const bad = record.trigger.kind === 'unhandled' || isFailedState(testState);
  const rule = record.exception ? `${record.trigger.kind}-exception` : record.trigger.kind;
  const test = testTitle(record);
  const where = test === null ? `in ${record.process.name} (pid ${record.pid})` : `in test ${test}`;
  const detail = record.trigger.kind === 'deadline' ? entry.detail() : null;
  const stands = detail === null ? undefined : standsAt(detail);
  const frame = record.exception ? ownFrame(record.exception.stack) : stands;
  const at = stands ? `, at ${placeText(stands)}` : '';
  return {
    ...make(
      bad ? 'error' : WARN.has(record.trigger.kind) ? 'warning' : 'note',
      rule,
      captureTitle(record),
      `${captureTitle(record)} ${where}${at}; capture ${record.id}`,
    ),
    ...place(frame, record.test, sourceRoot),
  };
}

function make(level: Annotation['level'], rule: string, title: string, message: string): Annotation {
  const line = (text: string, longest: number) => limit(harmless(text), longest);
  return {
    level,
    rule,
    title: line(title, 200),
    message: line(message, LONGEST),
    ...{ file: null, line: null, fingerprint: null },
  };
}

/** Where the newest own frame stands, or the only line that creates what grows; else where the test is written. */
function place(
  frame: Pick<StackFrame, 'file' | 'line'> | undefined,
  test: { file: string | null; line: number | null } | null,
  root: string,
): { file: string | null; line: number | null } {
  for (const candidate of [frame, test]) {
    const file = candidate?.file ? below(candidate.file, root) : null;
    if (file !== null) return { file, line: candidate?.line ?? null };
  }
  return { file: null, line: null };
}

function below(file: string, root: string): string | null {
  const path = file.replaceAll('\\', '/');
  const relative = path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path.startsWith('/') ? null : path;
  if (relative === null || relative.length > LONGEST_PATH || relative.split('/').includes('..')) return null;
  return harmless(relative);
}
