import { type Verdict, verdictText } from '@firstchance/model';
import { createdInText } from '../growth/created-in-text.ts';
import { failsBuild } from '../growth/fails-build.ts';
import { foldHeld } from '../growth/fold-held.ts';
import { foldedPath } from '../growth/folded-path.ts';
import type { CaptureEntry, CheckEntry, Run, TestEntry } from '../read-model/read-model.ts';
import { doingText, placeText, standsAt } from '../text/doing.ts';
import { limit } from '../text/limit.ts';
import { checkTitle, commandText, growthBounds, growthTitle } from '../text/titles.ts';

/** One test case, before it is XML. Texts are as they come. */
export interface Case {
  readonly name: string;
  readonly group: string;
  readonly seconds: number;
  readonly file?: string | null;
  readonly line?: number | null;
  readonly outcome: {
    readonly kind: CaseKind;
    readonly type: string;
    readonly message: string;
    readonly text: string;
  } | null;
  readonly output: string;
}
export type CaseKind = 'failure' | 'error' | 'skipped';

const OUTCOMES: Readonly<Record<Verdict, 'failure' | 'error' | null>> = {
  PASS: null,
  LEAK: 'failure',
  GROWS_WHILE_IDLE: 'failure',
  INCONCLUSIVE: 'failure',
  INFRASTRUCTURE_ERROR: 'error',
};

/** An inconclusive check counts as failed or as skipped as it counted for the exit code. */
export function checkCase(entry: CheckEntry): Case {
  const { record } = entry;
  const check = entry.check();
  const { verdict, reason } = record;
  const kind: CaseKind | null = verdict === 'INCONCLUSIVE' && !failsBuild(entry) ? 'skipped' : OUTCOMES[verdict];
  const grown = foldHeld(check?.growth ?? [])
    .slice(0, 20)
    .map((growth) => {
      const path = growth.path && growth.path.length > 0 ? `\n    ${foldedPath(growth.path).join(' -> ')}` : '';
      const made = growth.createdIn ? `\n    ${createdInText(growth.createdIn)}` : '';
      return `${growthTitle(growth)} (${growthBounds(growth)})${path}${made}`;
    });
  const ms = (check?.rounds ?? []).reduce((sum, round) => sum + round.durationMs, 0);
  const outcome =
    kind === null
      ? null
      : { kind, type: verdict, message: `${verdictText(verdict)}: ${reason}`, text: grown.join('\n') };
  return { name: checkTitle(entry), group: 'growth', seconds: ms / 1000, outcome, output: record.path };
}

/** @param found the captures of the test */
export function testCase({ record }: TestEntry, found: readonly CaptureEntry[]): Case {
  const output = found.map(({ record: { id, dump } }) => `capture ${id}${dump ? ` ${dump.path}` : ''}`).join('\n');
  const kinds = {
    failed: 'failure',
    'timed-out': 'failure',
    started: 'error',
    skipped: 'skipped',
    passed: null,
  } as const;
  const kind = kinds[record.state];
  const exception = found.find(({ record: { exception } }) => exception !== null)?.record.exception;
  const thrown = exception ? `${exception.type}${exception.message === null ? '' : `: ${exception.message}`}` : '';
  const { place, text } = thrown === '' && kind !== null ? hungAt(found) : { place: '', text: thrown };
  const message = `${record.state === 'started' ? 'the test began and never ended' : record.state}${place}`;
  return {
    name: record.title.at(-1) ?? record.id,
    group: record.title.slice(0, -1).join('.') || record.runner,
    seconds: (record.durationMs ?? 0) / 1000,
    ...{ file: record.file, line: record.line, output },
    outcome: kind === null ? null : { kind, type: record.state, message, text },
  };
}

/** Where a test that was captured without an exception stands, and what the program was doing. */
function hungAt(found: readonly CaptureEntry[]): { readonly place: string; readonly text: string } {
  for (const { record, detail } of found) {
    const doing = record.exception === null ? detail() : null;
    const at = doing === null ? undefined : standsAt(doing);
    if (doing === null || at === undefined) continue;
    const text = doingText(doing).map((lines) => lines.join('\n'));
    return { place: `, at ${placeText(at)}`, text: text.join('\n\n') };
  }
  return { place: '', text: '' };
}

/** A command as a test case of its own. */
export function runCase({ command, started, end }: Run): Case {
  const seconds = end === null ? 0 : Math.max(0, (Date.parse(end.time) - Date.parse(started)) / 1000);
  const failed = end === null ? 'the session has no end: it was killed' : end.exitCode === 0 ? null : end.reason;
  const outcome =
    failed === null
      ? null
      : { kind: 'failure' as const, type: `exit code ${end?.exitCode ?? 'unknown'}`, message: failed, text: '' };
  return { name: limit(commandText(command), 300), group: 'command', seconds, outcome, output: '' };
}
