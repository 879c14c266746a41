import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { CaptureRecord, EndRecord, ManifestRecord, SessionRecord, TestRecord } from '@firstchance/model';

const stamp = (session: string, minute = 0) => ({
  ...{ schema: 1 as const, session, time: `2026-11-25T10:${String(minute).padStart(2, '0')}:12.000Z` },
});

/** The first and last record of a session. */
export function frame(session: string, exitCode = 0): [SessionRecord, EndRecord] {
  return [
    {
      record: 'session',
      ...stamp(session),
      id: session,
      command: ['dotnet', 'test'],
      versions: {},
      platform: 'linux-x64',
    },
    {
      ...{ record: 'end', ...stamp(session, 59), exitCode, verdict: null, captures: 0, checks: 0, problems: 0 },
      reason: `the command ended with ${exitCode}`,
    },
  ];
}

export interface CaptureOptions {
  readonly id: string;
  readonly minute?: number;
  readonly kind?: CaptureRecord['trigger']['kind'];
  readonly test?: TestRecord;
  readonly message?: string;
  /** Name of the file in the capture's folder. */
  readonly dump?: string;
}

export function capture(session: string, options: CaptureOptions): CaptureRecord {
  const { id, minute = 1, kind = 'first-chance', test, message = 'm', dump = 'dump.core' } = options;
  return {
    ...{ record: 'capture', ...stamp(session, minute), id, pid: 7, trigger: { kind, detail: '' }, thread: null },
    process: { name: 'testhost', commandLine: ['dotnet'], runtime: '10.0.0', architecture: 'x64' },
    test: test
      ? {
          ...{ id: test.id, title: test.title, file: test.file, line: test.line, runner: test.runner },
          attempt: 1,
          candidates: 1,
        }
      : null,
    exception: { type: 'Shop.Gone', message, hresult: 0, inner: [], stack: [] },
    ...{ pauseMs: 1, captureMethod: 'clone', gc: 'idle', durationMs: 2 },
    dump: { kind: 'mini', path: `captures/${id}/${dump}`, bytes: 1, rawBytes: 2, leftOut: [] },
  };
}

export function testRecord(session: string, id: string, state: TestRecord['state'], title = [id]): TestRecord {
  return {
    record: 'test',
    ...stamp(session),
    id,
    title,
    file: null,
    line: null,
    runner: 'xunit',
    attempt: 1,
    state,
    durationMs: 1,
  };
}

/** Writes a session folder as a run leaves it; dumps get the given content. */
export function writeSession(
  folder: string,
  records: readonly (ManifestRecord | string)[],
  dump: Buffer = Buffer.from('core'),
): void {
  mkdirSync(folder, { recursive: true });
  const lines = records.map((record) => (typeof record === 'string' ? record : `${JSON.stringify(record)}\n`));
  writeFileSync(path.join(folder, 'manifest.jsonl'), lines.join(''));
  // A report is there, so that none has to be made.
  writeFileSync(path.join(folder, 'report.html'), '<!doctype html>');
  for (const record of records) {
    if (typeof record === 'string' || record.record !== 'capture' || !record.dump) continue;
    const file = path.join(folder, record.dump.path);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, dump);
  }
}
