import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { capture, stamp } from '../testing/records.ts';
import { readSession, type SessionPart } from './read-session.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'read-session-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const details = { threads: [], awaiting: [], topTypes: [], modules: [], notes: [] };

function write(records: readonly object[], tail = ''): void {
  writeFileSync(join(folder, 'manifest.jsonl'), records.map((record) => `${JSON.stringify(record)}\n`).join('') + tail);
}

function writeDetail(id: string, text: string): void {
  mkdirSync(join(folder, 'captures', id), { recursive: true });
  writeFileSync(join(folder, 'captures', id, 'capture.json'), text);
}

const check = (id: string, path: string) => ({ record: 'check', ...stamp, id, verdict: 'LEAK', reason: 'r', path });
const document = {
  ...{
    schema: 1,
    verdict: 'LEAK',
    reason: 'r',
    mode: 'quick',
    operations: 1,
    seed: 1,
    rounds: [],
    growth: [],
    harmless: [],
  },
  minimumDetectable: { instancesPerOperation: null, managedBytesPerOperation: null, nativeBytesPerOperation: null },
};

/** The parts of the session, and what was not readable. */
async function read(path = folder, lookedThroughBytes?: number) {
  const parts: SessionPart[] = [];
  const unreadable: string[] = [];
  for await (const part of readSession(path, lookedThroughBytes)) {
    parts.push(part);
    unreadable.push(...part.unreadable());
  }
  return { parts, unreadable };
}

it('reads the manifest with what it names', async () => {
  write([capture('0001-x'), check('k', 'checks/k.json')]);
  writeDetail('0001-x', JSON.stringify({ ...capture('0001-x'), ...details }));
  mkdirSync(join(folder, 'checks'));
  writeFileSync(join(folder, 'checks/k.json'), JSON.stringify(document));
  const { parts, unreadable } = await read();
  expect(parts.map(({ manifest }) => manifest.records.length)).toEqual([2]);
  expect(parts[0]?.detail('0001-x')).toMatchObject({ id: '0001-x', modules: [] });
  expect(parts[0]?.check('checks/k.json')).toMatchObject({ verdict: 'LEAK' });
  expect(unreadable).toEqual([]);
});

it('says what is missing, damaged or not understood, and reads the rest', async () => {
  write(
    [capture('0001-x'), capture('0002-x'), capture('0003-x'), capture('0004-x'), check('k', 'checks/k.json')],
    '{"record":',
  );
  writeDetail('0002-x', '{"record":"capt');
  writeDetail('0003-x', '{"record":"capture"}');
  writeDetail('0004-x', JSON.stringify({ ...capture('0004-x'), ...details }));
  const { parts, unreadable } = await read();
  const found = ['0001-x', '0002-x', '0003-x', '0004-x'].map((id) => parts[0]?.detail(id)?.id);
  expect(found).toEqual([undefined, undefined, undefined, '0004-x']);
  expect(unreadable).toEqual([
    expect.stringMatching(/^line 6 of the manifest was left out: the line is cut off/),
    'capture 0001-x: there is no capture.json',
    'capture 0002-x: capture.json is cut off or no JSON',
    expect.stringMatching(/^capture 0003-x: capture\.json is not understood/),
    'check k: there is no k.json',
  ]);
});

it('does not look for captures that were removed with their passed test', async () => {
  write([capture('0001-x'), { record: 'result', ...stamp, captureId: '0001-x', kept: false, testState: 'passed' }]);
  expect((await read()).unreadable).toEqual([]);
});

it('is led nowhere outside of the folder', async () => {
  const secret = join(folder, 'secret.json');
  writeFileSync(secret, JSON.stringify(document));
  mkdirSync(join(folder, 'checks'));
  symlinkSync(secret, join(folder, 'checks/link.json'));
  write([
    capture('../../x'),
    check('up', '../secret.json'),
    check('absolute', secret),
    check('link', 'checks/link.json'),
  ]);
  const { parts, unreadable } = await read();
  for (const path of ['../secret.json', secret, 'checks/link.json']) expect(parts[0]?.check(path)).toBeNull();
  expect(parts[0]?.detail('../../x')).toBeNull();
  expect(unreadable).toEqual([
    'capture ../../x: its id is no name of a folder',
    'check up: its path leads out of checks/',
    'check absolute: its path leads out of checks/',
    'check link: link.json cannot be read (ELOOP)',
  ]);
});

it('a folder that is none is an error with a cure', async () => {
  await expect(read(join(folder, 'none'))).rejects.toMatchObject({ code: 'no-such-file' });
});

it('reads a document again that was written anew', async () => {
  write([capture('0001-x')]);
  writeDetail('0001-x', JSON.stringify({ ...capture('0001-x'), ...details }));
  const [part] = (await read()).parts;
  expect(part?.detail('0001-x')?.notes).toEqual([]);
  expect(part?.detail('0001-x')).toBe(part?.detail('0001-x'));
  const fresh = join(folder, 'captures/0001-x/capture.json.part');
  writeFileSync(fresh, JSON.stringify({ ...capture('0001-x'), ...details, notes: ['new'] }));
  renameSync(fresh, join(folder, 'captures/0001-x/capture.json'));
  expect(part?.detail('0001-x')?.notes).toEqual(['new']);
});

it('says of documents beyond those it looks through only whether they are there', async () => {
  const ids = Array.from({ length: 5 }, (_, index) => `000${index + 1}-x`);
  write(ids.map((id) => capture(id)));
  // The first four are what is looked through; the fifth is cut off, and nobody sees it before it is asked for.
  const whole = JSON.stringify({ ...capture('0001-x'), ...details, notes: ['n'.repeat(17 * 1024)] });
  for (const id of ids.slice(0, 4)) writeDetail(id, whole);
  writeDetail('0005-x', '{"record":');
  const { parts, unreadable } = await read(folder, 64 * 1024);
  expect(unreadable).toEqual([]);
  expect(parts[0]?.detail('0005-x')).toBeNull();
  rmSync(join(folder, 'captures/0005-x'), { recursive: true });
  expect((await read(folder, 64 * 1024)).unreadable).toEqual(['capture 0005-x: there is no capture.json']);
});
