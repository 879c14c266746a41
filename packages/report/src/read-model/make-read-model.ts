import {
  bytesLeft,
  type CaptureDetail,
  type CaptureKind,
  type CensusRecord,
  type EndRecord,
  EXIT,
  type GrowthCheck,
  type ManifestRecord,
  type RecordKind,
  type TestRecord,
  type Verdict,
} from '@firstchance/model';
import { titleOf } from '../text/titles.ts';
import type { CaptureEntry, CheckEntry, LedgerEntry, MemoryPoint, Outcome, ReadModel, Run } from './read-model.ts';

/** One session folder as it was read; whoever reads files hands this over. */
export interface SessionSource {
  /** Of the records about one thing only the last, in order of first appearance. */
  readonly records: readonly ManifestRecord[];
  /** capture.json by capture id. */
  readonly details: ReadonlyMap<string, CaptureDetail>;
  /** Growth checks by the path in their record. */
  readonly checks: ReadonlyMap<string, GrowthCheck>;
  /** What could not be read, one sentence each. */
  readonly unreadable: readonly string[];
}

type Of<K extends RecordKind> = Extract<ManifestRecord, { record: K }>;

/** Joins and sorts what a session folder holds. */
export function makeReadModel(source: SessionSource): ReadModel {
  const of = <K extends RecordKind>(kind: K) =>
    source.records.filter((record): record is Of<K> => record.record === kind);
  const results = new Map(of('result').map((record) => [`${record.session}/${record.captureId}`, record]));
  const tests = new Map(of('test').map((record) => [`${record.session}/${record.id}`, record]));
  const captures = of('capture').map((record): CaptureEntry => {
    const result = results.get(`${record.session}/${record.id}`);
    const state = record.test ? tests.get(`${record.session}/${record.test.id}`)?.state : undefined;
    const detail = source.details.get(record.id) ?? null;
    return { record, detail, testState: result?.testState ?? state ?? null };
  });
  const kept = captures.filter(({ record }) => results.get(`${record.session}/${record.id}`)?.kept !== false);
  const checks = of('check').map((record): CheckEntry => ({ record, check: source.checks.get(record.path) ?? null }));
  const byTest = new Map<string, string[]>();
  for (const { record } of kept) {
    const key = `${record.session}/${record.test?.id}`;
    byTest.set(key, [...(byTest.get(key) ?? []), record.id]);
  }
  const ends = of('end');
  return {
    runs: of('session').map((record) => toRun(record, ends)),
    outcome: outcome(ends, checks),
    captures: kept.sort((a, b) => rank(a) - rank(b) || compare(a.record.id, b.record.id)),
    checks: checks.sort((a, b) => badness(b.record.verdict) - badness(a.record.verdict)),
    tests: [...tests].map(([key, record]) => ({ record, captureIds: byTest.get(key) ?? [] })),
    ledger: of('census')
      .map((record) => toLedger(record, tests))
      .sort((a, b) => b.bytes - a.bytes || compare(a.id, b.id)),
    memory: of('census')
      .sort((a, b) => compare(a.time, b.time))
      .flatMap((record) => toMemory(record, tests)),
    targets: of('target'),
    problems: of('problem'),
    skipped: addUp(of('skipped')),
    removed: captures.length - kept.length,
    unreadable: source.unreadable,
  };
}

function toRun(record: Of<'session'>, ends: readonly EndRecord[]): Run {
  const { id, command, versions, platform, time: started } = record;
  const end = ends.find(({ session }) => session === record.session);
  const told = end ? { time: end.time, exitCode: end.exitCode, reason: end.reason } : null;
  return { id, command, versions, platform, started, end: told };
}

function outcome(ends: readonly EndRecord[], checks: readonly CheckEntry[]): Outcome {
  const bad = [...ends].sort((a, b) => severity(b.exitCode) - severity(a.exitCode))[0];
  const verdicts = [...checks.map(({ record }) => record.verdict), ...ends.flatMap(({ verdict }) => verdict ?? [])];
  const verdict = verdicts.sort((a, b) => badness(b) - badness(a))[0] ?? null;
  const reason = bad?.reason ?? 'the session has not ended: it still runs, or it was killed';
  return { exitCode: bad?.exitCode ?? null, verdict, reason };
}

/** Worst last, as the exit codes are ordered: what could not run hides whatever else there may be. */
const BADNESS: readonly Verdict[] = ['PASS', 'INCONCLUSIVE', 'GROWS_WHILE_IDLE', 'LEAK', 'INFRASTRUCTURE_ERROR'];
export const badness = (verdict: Verdict): number => BADNESS.indexOf(verdict);

/** The command's own failure first, then ours, worst first. */
function severity(code: number): number {
  const ours: readonly number[] = [EXIT.fine, EXIT.inconclusive, EXIT.growsWhileIdle, EXIT.leak, EXIT.infrastructure];
  const place = ours.indexOf(code);
  return place < 0 ? ours.length : place;
}

const KINDS: readonly CaptureKind[] = [
  ...(['unhandled', 'deadline', 'growth', 'memory', 'first-chance', 'exit', 'manual'] as const),
];

/** Captures of failed tests first, then by what is worse to happen. */
function rank({ record, testState }: CaptureEntry): number {
  const failed = testState === 'failed' || testState === 'timed-out';
  return KINDS.indexOf(record.trigger.kind) - (failed ? KINDS.length : 0);
}

function toLedger(record: CensusRecord, tests: ReadonlyMap<string, TestRecord>): LedgerEntry {
  const { id, testId, candidates, left, pauseMs, time } = record;
  const test = testId === null ? undefined : tests.get(`${record.session}/${testId}`);
  return {
    ...{ id, candidates, pauseMs, time },
    title: test ? titleOf(test) : testId === null ? null : [testId],
    testState: test?.state ?? null,
    merged: record.merged.map((other) => nameOf(tests.get(`${record.session}/${other}`)) ?? other),
    bytes: bytesLeft(record),
    instances: left.reduce((sum, type) => sum + type.instances, 0),
    left: [...left].sort((a, b) => b.bytes - a.bytes),
  };
}

function toMemory(record: CensusRecord, tests: ReadonlyMap<string, TestRecord>): MemoryPoint[] {
  const { channels, time, testId, session } = record;
  if (!channels.privateBytes && channels.managedBytes === undefined && channels.residentBytes === undefined) return [];
  const title = testId === null ? null : (nameOf(tests.get(`${session}/${testId}`)) ?? testId);
  const { managedBytes = null, residentBytes = null } = channels;
  return [{ time, title, categories: channels.privateBytes ?? {}, managedBytes, residentBytes }];
}

function nameOf(test: TestRecord | undefined): string | undefined {
  return test && titleOf(test).join(' > ');
}

function addUp(records: readonly Of<'skipped'>[]): { why: string; count: number }[] {
  const totals = new Map<string, number>();
  for (const { why, count } of records) totals.set(why, (totals.get(why) ?? 0) + count);
  return [...totals].map(([why, count]) => ({ why, count })).sort((a, b) => b.count - a.count);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
