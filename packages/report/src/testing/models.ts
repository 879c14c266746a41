import type { CaptureDetail, GrowthCheck, ManifestRecord } from '@firstchance/model';
import { makeReadModel } from '../read-model/make-read-model.ts';
import type { ReadModel } from '../read-model/read-model.ts';

/* Sessions written by hand after the schemas of packages/model; real ones are in sessions/. */

const stamp = { schema: 1, session: 's', time: '2026-11-25T10:11:12.000Z' } as const;

/** A session in which every text that comes from outside is this one. */
export function sessionOf(text: string): ReadModel {
  const frame = { method: text, module: text, ilOffset: 1, file: text, line: 7 };
  const exception = {
    type: text,
    message: text,
    hresult: -1,
    stack: [frame],
    inner: [{ type: text, message: text, hresult: 0, inner: [], stack: [frame] }],
  };
  const test = { id: text || 't', title: [text, text], file: text, line: 3, runner: text, attempt: 1 };
  const type = { type: text, module: text, instances: 3, bytes: 4000 };
  const capture: CaptureDetail = {
    ...{ record: 'capture', ...stamp, id: text || 'c', pid: 7 },
    process: { name: text, commandLine: [text], runtime: text, architecture: text },
    trigger: { kind: 'unhandled', detail: text },
    test: { ...test, candidates: 2 },
    thread: { osId: 8, name: text },
    ...{ exception, pauseMs: 1, captureMethod: 'clone', gc: 'idle', durationMs: 2 },
    dump: { kind: 'heap', path: text || 'p', bytes: 1, rawBytes: 2, leftOut: [text] },
    threads: [{ osId: 8, managedId: 1, name: text, state: text, stack: [frame], exception }],
    awaiting: [{ method: text, awaits: [{ method: text, awaits: [] }] }],
    topTypes: [type],
    dominators: [{ type: text, retainedBytes: 9, children: [{ type: text, retainedBytes: 4, children: [] }] }],
    ...{ modules: [], notes: [text] },
  };
  const growth = {
    ...{ channel: text, type: text, module: text, perOperation: 1, bytesPerOperation: 10, low: 0.9, high: 1.1 },
    ...{ container: text, path: [text, text], pattern: text, fingerprint: text },
    createdIn: { places: [{ method: text, file: text, line: 3, calls: text }], of: 1, sure: true },
  };
  const check: GrowthCheck = {
    ...{ schema: 1, verdict: 'LEAK', reason: text, mode: 'quick', operations: 10, seed: 1 },
    rounds: [{ index: 0, phase: 'measure', dose: 10, durationMs: 1, pauseMs: 1, channels: { managedBytes: 5 } }],
    ...{ growth: [growth], harmless: [{ ...growth, owner: [text], why: text }] },
    minimumDetectable: { instancesPerOperation: 1, managedBytesPerOperation: null, nativeBytesPerOperation: null },
  };
  const { threads: _t, awaiting: _a, topTypes: _y, dominators: _d, modules: _m, notes: _n, ...record } = capture;
  const records: ManifestRecord[] = [
    { record: 'session', ...stamp, id: text || 's', command: [text, text], versions: { [text]: text }, platform: text },
    {
      record: 'target',
      ...stamp,
      pid: 7,
      name: text,
      commandLine: [text],
      runtime: text,
      architecture: text,
      agent: 'loaded',
      started: stamp.time,
    },
    { record: 'test', ...stamp, ...test, state: 'failed', durationMs: 5 },
    record,
    {
      record: 'census',
      ...stamp,
      id: text || 'n',
      testId: test.id,
      candidates: 1,
      pauseMs: 1,
      left: [type],
      channels: { privateBytes: { malloc: 5 } },
      merged: [text],
    },
    { record: 'check', ...stamp, id: text || 'k', verdict: 'LEAK', reason: text, path: text || 'p' },
    { record: 'skipped', ...stamp, trigger: 'exit', exceptionType: text, why: text, count: 3 },
    { record: 'problem', ...stamp, what: text, where: text, why: text, cure: text },
    { record: 'end', ...stamp, exitCode: 90, verdict: 'LEAK', reason: text, captures: 1, checks: 1, problems: 1 },
  ];
  return makeReadModel({
    records,
    details: new Map([[record.id, capture]]),
    checks: new Map([[text || 'p', check]]),
    unreadable: [text],
  });
}
