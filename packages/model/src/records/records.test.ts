import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { conforms } from '../schema/conforms.ts';
import { publishedSchemas } from '../schema/published.ts';
import { captureDetailSchema, captureRecordSchema, DETAIL_KEYS } from './capture.ts';
import { type ManifestRecord, manifestRecordSchema, RECORD_KINDS, recordKey } from './manifest-record.ts';

const stamp = { schema: 1, session: 's1', time: '2026-11-24T13:05:25.123Z' } as const;

/** The capture of the contract, word by word. */
const capture = {
  ...{ record: 'capture', ...stamp, id: '0001-first-chance-InvalidOperationException', pid: 1234 },
  process: { name: 'testhost', commandLine: ['…'], runtime: '10.0.12', architecture: 'x64' },
  trigger: { kind: 'first-chance', detail: '…' },
  test: {
    ...{ id: '…', title: ['suite', 'test'], file: '…', line: 12, runner: 'vitest', attempt: 1, candidates: 1 },
  },
  thread: { osId: 12, name: null },
  exception: {
    ...{ type: 'System.InvalidOperationException', message: '…', hresult: -2146233079 },
    inner: [{ type: 'System.Exception', message: null, hresult: 0, inner: [], stack: [] }],
    stack: [
      { method: 'Shop.Cart.Add(System.Int32)', module: 'Shop.dll', ilOffset: 18, file: 'Cart.cs', line: 40 },
      { method: 'Main', module: null, ilOffset: null, file: null, line: null },
    ],
  },
  ...{ pauseMs: 6.1, captureMethod: 'clone', gc: 'idle' },
  dump: {
    ...{ kind: 'heap', path: 'captures/…/dump.core.zst', bytes: 2590000, rawBytes: 8000000, leftOut: ['native heap'] },
  },
  durationMs: 78,
} as const;

const records: unknown[] = [
  { record: 'session', ...stamp, id: 's1', command: ['dotnet'], versions: { node: '20' }, platform: 'linux-x64' },
  {
    ...{ record: 'target', ...stamp, pid: 1, name: 'testhost', commandLine: [], runtime: null, architecture: 'x64' },
    ...{ agent: 'loaded', started: stamp.time },
  },
  {
    ...{ record: 'test', ...stamp, id: 't', title: ['t'], file: null, line: null, runner: 'xunit', attempt: 1 },
    ...{ state: 'timed-out', durationMs: 3 },
  },
  capture,
  { record: 'result', ...stamp, captureId: 'c', kept: false, testState: 'passed' },
  {
    ...{ record: 'census', ...stamp, id: 'n', testId: null, candidates: 2, pauseMs: 5 },
    ...{ left: [{ type: 'T', module: 'M', instances: 1, bytes: 24 }], channels: { managedBytes: 3 }, merged: [] },
  },
  { record: 'check', ...stamp, id: 'k', verdict: 'LEAK', reason: 'r', path: 'checks/k.json' },
  { record: 'skipped', ...stamp, trigger: 'first-chance', exceptionType: 'T', why: 'per-place', count: 3 },
  { record: 'problem', ...stamp, what: 'a', where: 'b', why: 'c', cure: 'd' },
  {
    ...{ record: 'end', ...stamp, exitCode: 0, verdict: null, reason: 'r', captures: 1, checks: 0, problems: 1 },
  },
];

describe('records', () => {
  it('of every kind are those of the contract', () => {
    const kinds = records.map((record) => {
      const checked = conforms<ManifestRecord>(manifestRecordSchema, record);
      if (!checked.ok) throw new Error(checked.problem);
      return checked.value.record;
    });
    expect(kinds).toEqual(RECORD_KINDS);
  });

  it('keep fields of a newer version', () => {
    const checked = conforms(captureRecordSchema, { ...capture, weather: 'rain', dump: { ...capture.dump, x: 1 } });
    expect(checked).toMatchObject({ ok: true, value: { weather: 'rain', dump: { x: 1 } } });
  });

  it('say what is wrong with them, first thing first', () => {
    const wrong = conforms(captureRecordSchema, { ...capture, trigger: { kind: 'whim', detail: '' } });
    expect(wrong).toMatchObject({ ok: false, problem: expect.stringMatching(/^trigger\.kind: /) });
    expect(conforms(captureRecordSchema, { ...capture, pid: -1 })).toMatchObject({ ok: false });
    expect(conforms(captureRecordSchema, { ...capture, pauseMs: Number.NaN })).toMatchObject({ ok: false });
    expect(conforms(captureRecordSchema, null)).toMatchObject({ ok: false });
  });

  it('are refused when a field of the contract is missing', () => {
    for (const record of records as Record<string, unknown>[]) {
      for (const key of Object.keys(record)) {
        const { [key]: _removed, ...rest } = record;
        expect(manifestRecordSchema.safeParse(rest).success, `${record.record}.${key}`).toBe(false);
      }
    }
  });

  it('have one key per subject', () => {
    const keys = (records as ManifestRecord[]).map(recordKey);
    expect(keys.filter((key) => key === null)).toHaveLength(2);
    const named = keys.filter((key) => key !== null);
    expect(new Set(named).size).toBe(named.length);
    expect(recordKey(capture as unknown as ManifestRecord)).toBe(
      's1/capture/0001-first-chance-InvalidOperationException',
    );
  });

  it('never make the check throw', () => {
    fc.assert(
      fc.property(fc.anything(), fc.constantFrom(...RECORD_KINDS), (value, record) => {
        conforms(manifestRecordSchema, value);
        conforms(manifestRecordSchema, { record, ...(typeof value === 'object' ? value : {}) });
      }),
    );
  });
});

it('capture.json is the line and a second block', () => {
  const frame = capture.exception.stack[0];
  const detail = {
    ...capture,
    threads: [{ osId: 1, managedId: null, name: null, state: 'running', stack: [frame], exception: null }],
    awaiting: [{ method: 'A', awaits: [{ method: 'B', awaits: [] }] }],
    topTypes: [{ type: 'T', module: null, instances: 1, bytes: 24 }],
    dominators: [{ type: 'T', retainedBytes: 3, children: [] }],
    modules: [{ name: 'Shop.dll', path: '/app/Shop.dll' }],
    notes: [],
  };
  expect(conforms(captureDetailSchema, detail)).toMatchObject({ ok: true });
  expect(conforms(captureRecordSchema, capture)).toMatchObject({ ok: true });
  expect(conforms(captureDetailSchema, { ...detail, awaiting: [{ method: 'A' }] })).toMatchObject({ ok: false });
  const extra = Object.keys(captureDetailSchema.shape).filter((key) => !(key in captureRecordSchema.shape));
  expect(extra).toEqual([...DETAIL_KEYS]);
});

describe('published JSON Schemas', () => {
  const folder = new URL('../../schema/', import.meta.url);

  it('are current; packages/model/scripts/write-schemas.mjs writes them', () => {
    const published = publishedSchemas();
    expect(readdirSync(folder).sort()).toEqual(Object.keys(published).sort());
    for (const [name, schema] of Object.entries(published))
      expect(JSON.parse(readFileSync(new URL(name, folder), 'utf8')), name).toEqual(schema);
  });

  it('leave records open for new fields, and the configuration closed', () => {
    const { 'config.json': config, 'suppressions.json': suppressions, ...open } = publishedSchemas();
    expect(config).toMatchObject({ additionalProperties: false });
    expect(suppressions).toMatchObject({ additionalProperties: false });
    expect(JSON.stringify(open)).not.toContain('"additionalProperties":false');
  });

  it('say the same as the records themselves', () => {
    const text = readFileSync(new URL('manifest-record.json', folder), 'utf8');
    const schema = z.fromJSONSchema(JSON.parse(text));
    for (const record of records) expect(schema.safeParse(record).error).toBeUndefined();
    expect(schema.safeParse({ ...capture, pauseMs: 'long' }).success).toBe(false);
  });
});
