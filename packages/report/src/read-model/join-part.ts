import {
  bytesLeft,
  type CaptureDetail,
  type CaptureRecord,
  type CensusRecord,
  type CheckRecord,
  type EndRecord,
  type GrowthCheck,
  type ManifestRecord,
  type ProblemRecord,
  type RecordKind,
  type SkippedRecord,
  type TargetRecord,
  type TestRecord,
} from '@firstchance/model';
import { titleOf } from '../text/titles.ts';
import type { CaptureEntry, CheckEntry, LedgerEntry, MemoryPoint, Run, TestEntry } from './read-model.ts';

/** A part of a session folder as it was read; no other part has records about the same things. */
export interface PartSource {
  /** Of the records about one thing only the last, in order of first appearance. */
  readonly records: readonly ManifestRecord[];
  /** Reads capture.json by capture id. */
  readonly detail: (id: string) => CaptureDetail | null;
  /** Reads a growth check by the path in its record. */
  readonly check: (path: string) => GrowthCheck | null;
}

/** A part of a session folder, its records joined, each list in order of first appearance. */
export interface JoinedPart {
  readonly runs: readonly Run[];
  readonly ends: readonly EndRecord[];
  readonly captures: readonly CaptureEntry[];
  /** Captures removed because their test passed. */
  readonly removed: number;
  readonly checks: readonly CheckEntry[];
  readonly tests: readonly TestEntry[];
  readonly ledger: readonly LedgerEntry[];
  readonly memory: readonly MemoryPoint[];
  readonly targets: readonly TargetRecord[];
  readonly problems: readonly ProblemRecord[];
  readonly skipped: readonly SkippedRecord[];
}

type Of<K extends RecordKind> = Extract<ManifestRecord, { record: K }>;

/** Joins what records say about the same things. */
export function joinPart(source: PartSource): JoinedPart {
  const of = <K extends RecordKind>(kind: K) =>
    source.records.filter((record): record is Of<K> => record.record === kind);
  const results = new Map(of('result').map((record) => [`${record.session}/${record.captureId}`, record]));
  const tests = new Map(of('test').map((record) => [`${record.session}/${record.id}`, record]));
  const captures = of('capture').map((record): CaptureEntry => {
    const result = results.get(`${record.session}/${record.id}`);
    const state = record.test ? tests.get(`${record.session}/${record.test.id}`)?.state : undefined;
    return captureEntry(record, source.detail, result?.testState ?? state ?? null);
  });
  const kept = captures.filter(({ record }) => results.get(`${record.session}/${record.id}`)?.kept !== false);
  const checks = of('check').map((record) =>
    checkEntry(record, source.check, tests.get(`${record.session}/${record.testId}`) ?? null),
  );
  const byTest = new Map<string, string[]>();
  for (const { record } of kept) {
    const key = `${record.session}/${record.test?.id}`;
    byTest.set(key, [...(byTest.get(key) ?? []), record.id]);
  }
  const ends = of('end');
  const censuses = of('census');
  return {
    runs: of('session').map((record) => toRun(record, ends)),
    ends,
    ...{ captures: kept, removed: captures.length - kept.length, checks },
    tests: [...tests].map(([key, record]) => ({ record, captureIds: byTest.get(key) ?? [] })),
    ledger: censuses.map((record) => toLedger(record, tests)),
    memory: censuses.flatMap((record) => toMemory(record, tests)),
    ...{ targets: of('target'), problems: of('problem'), skipped: of('skipped') },
  };
}

/* Entries outlive the part they are of: a function of its own makes each, so that it holds nothing else of the part. */
function captureEntry(record: CaptureRecord, read: PartSource['detail'], testState: string | null): CaptureEntry {
  return { record, detail: () => read(record.id), testState };
}

function checkEntry(record: CheckRecord, read: PartSource['check'], test: TestRecord | null): CheckEntry {
  return { record, check: () => read(record.path), test };
}

function toRun(record: Of<'session'>, ends: readonly EndRecord[]): Run {
  const { id, command, versions, platform, time: started } = record;
  const end = ends.find(({ session }) => session === record.session);
  const told = end ? { time: end.time, exitCode: end.exitCode, reason: end.reason } : null;
  return { id, command, versions, platform, started, end: told };
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
