import { type Verdict, verdictText } from '@firstchance/model';
import XMLBuilder from 'fast-xml-builder';
import { failsBuild } from '../growth/fails-build.ts';
import type { CaptureEntry, CheckEntry, ReadModel, Run, TestEntry } from '../read-model/read-model.ts';
import { harmless } from '../text/harmless.ts';
import { limit } from '../text/limit.ts';
import { commandText, growthTitle } from '../text/titles.ts';

/** One element as the builder takes it: attributes begin with "@", "#text" is its text. */
type Element = { [name: string]: string | Element | Element[] };
interface Suite {
  readonly name: string;
  readonly cases: readonly Case[];
}
type CaseKind = 'failure' | 'error' | 'skipped';
interface Case {
  readonly name: string;
  readonly group: string;
  readonly seconds: number;
  readonly file?: string | null;
  readonly line?: number | null;
  readonly outcome: {
    readonly kind: 'failure' | 'error' | 'skipped';
    readonly type: string;
    readonly message: string;
    readonly text: string;
  } | null;
  readonly output: string;
}

/**
 * JUnit XML as CI servers read it: growth checks, the tests that are known, and the commands as test cases of their own.
 * An inconclusive check counts as failed or as skipped as it counted for the exit code.
 */
export function renderJunit(model: ReadModel): string {
  const captures = new Map(model.captures.map((entry) => [`${entry.record.session}/${entry.record.id}`, entry]));
  const suites: Suite[] = [
    { name: 'firstchance growth checks', cases: model.checks.map(checkCase) },
    { name: 'firstchance tests', cases: model.tests.map((entry) => testCase(entry, captures)) },
    { name: 'firstchance runs', cases: model.runs.map(runCase) },
  ].filter(({ cases }) => cases.length > 0);
  const builder = new XMLBuilder({
    ...{ ignoreAttributes: false, attributeNamePrefix: '@', format: true, indentBy: ' ', suppressEmptyNode: true },
    ...{ suppressBooleanAttributes: false, processEntities: true },
  });
  const all = suites.flatMap(({ cases }) => cases);
  const document = {
    '?xml': { '@version': '1.0', '@encoding': 'UTF-8' },
    testsuites: { ...totals('firstchance', all), testsuite: suites.map(suiteElement) },
  };
  return builder.build(document);
}

function suiteElement({ name, cases }: Suite): Element {
  return { ...totals(name, cases), testcase: cases.map(caseElement) };
}

function totals(name: string, cases: readonly Case[]): Element {
  const of = (kind: string) => String(cases.filter(({ outcome }) => outcome?.kind === kind).length);
  const seconds = cases.reduce((sum, one) => sum + one.seconds, 0);
  return {
    ...attribute('name', name),
    ...attribute('tests', String(cases.length)),
    ...attribute('failures', of('failure')),
    ...attribute('errors', of('error')),
    ...attribute('skipped', of('skipped')),
    ...attribute('time', seconds.toFixed(3)),
  };
}

function caseElement({ name, group, seconds, file, line, outcome, output }: Case): Element {
  return {
    ...attribute('name', name),
    ...attribute('classname', group),
    ...attribute('time', seconds.toFixed(3)),
    ...(file ? attribute('file', file) : {}),
    ...(file && line ? attribute('line', String(line)) : {}),
    ...(outcome
      ? {
          [outcome.kind]: {
            ...attribute('message', outcome.message),
            ...attribute('type', outcome.type),
            ...(outcome.text === '' ? {} : { '#text': text(outcome.text) }),
          },
        }
      : {}),
    ...(output === '' ? {} : { 'system-out': text(output) }),
  };
}

const OUTCOMES: Readonly<Record<Verdict, 'failure' | 'error' | null>> = {
  PASS: null,
  LEAK: 'failure',
  GROWS_WHILE_IDLE: 'failure',
  INCONCLUSIVE: 'failure',
  INFRASTRUCTURE_ERROR: 'error',
};

function checkCase({ record, check }: CheckEntry): Case {
  const { verdict, reason } = record;
  const kind: CaseKind | null =
    verdict === 'INCONCLUSIVE' && !failsBuild({ record, check }) ? 'skipped' : OUTCOMES[verdict];
  const grown = (check?.growth ?? []).slice(0, 20).map((growth) => {
    const path = growth.path && growth.path.length > 0 ? `\n    ${growth.path.slice(0, 40).join(' -> ')}` : '';
    return `${growthTitle(growth)} (${growth.low} to ${growth.high})${path}`;
  });
  const ms = (check?.rounds ?? []).reduce((sum, round) => sum + round.durationMs, 0);
  const outcome =
    kind === null
      ? null
      : { kind, type: verdict, message: `${verdictText(verdict)}: ${reason}`, text: grown.join('\n') };
  return { name: record.id, group: 'growth', seconds: ms / 1000, outcome, output: record.path };
}

function testCase({ record, captureIds }: TestEntry, captures: ReadonlyMap<string, CaptureEntry>): Case {
  const found = captureIds.flatMap((id) => captures.get(`${record.session}/${id}`) ?? []);
  const output = found.map(({ record: { id, dump } }) => `capture ${id}${dump ? ` ${dump.path}` : ''}`).join('\n');
  const kinds = {
    failed: 'failure',
    'timed-out': 'failure',
    started: 'error',
    skipped: 'skipped',
    passed: null,
  } as const;
  const kind = kinds[record.state];
  const message = record.state === 'started' ? 'the test began and never ended' : record.state;
  const exception = found.find(({ record: { exception } }) => exception !== null)?.record.exception;
  const detail = exception ? `${exception.type}${exception.message === null ? '' : `: ${exception.message}`}` : '';
  return {
    name: record.title.at(-1) ?? record.id,
    group: record.title.slice(0, -1).join('.') || record.runner,
    seconds: (record.durationMs ?? 0) / 1000,
    ...{ file: record.file, line: record.line, output },
    outcome: kind === null ? null : { kind, type: record.state, message, text: detail },
  };
}

function runCase({ command, started, end }: Run): Case {
  const seconds = end === null ? 0 : Math.max(0, (Date.parse(end.time) - Date.parse(started)) / 1000);
  const failed = end === null ? 'the session has no end: it was killed' : end.exitCode === 0 ? null : end.reason;
  const outcome =
    failed === null
      ? null
      : { kind: 'failure' as const, type: `exit code ${end?.exitCode ?? 'unknown'}`, message: failed, text: '' };
  return { name: limit(commandText(command), 300), group: 'command', seconds, outcome, output: '' };
}

function attribute(name: string, value: string): Element {
  return { [`@${name}`]: xml(harmless(value), 1000) };
}

/** Text of several lines: the line breaks are ours, what stands in a line is not. */
function text(value: string): string {
  return value
    .split('\n')
    .slice(0, 500)
    .map((line) => xml(harmless(line), 4000))
    .join('\n');
}

/** Without the two code points that XML 1.0 forbids and harmless() lets through. */
function xml(value: string, longest: number): string {
  return limit(value, longest).replace(/[\ufffe\uffff]/g, '\ufffd');
}
