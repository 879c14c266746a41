import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { capture, stamp } from '../testing/records.ts';
import { readSession } from './read-session.ts';

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

it('reads the manifest with what it names', async () => {
  write([capture('0001-x'), check('k', 'checks/k.json')]);
  writeDetail('0001-x', JSON.stringify({ ...capture('0001-x'), ...details }));
  mkdirSync(join(folder, 'checks'));
  writeFileSync(join(folder, 'checks/k.json'), JSON.stringify(document));
  const session = await readSession(folder);
  expect([...session.details.keys()]).toEqual(['0001-x']);
  expect(session.checks.get('checks/k.json')).toMatchObject({ verdict: 'LEAK' });
  expect(session.unreadable).toEqual([]);
});

it('says what is missing, damaged or not understood, and reads the rest', async () => {
  write(
    [capture('0001-x'), capture('0002-x'), capture('0003-x'), capture('0004-x'), check('k', 'checks/k.json')],
    '{"record":',
  );
  writeDetail('0002-x', '{"record":"capt');
  writeDetail('0003-x', '{"record":"capture"}');
  writeDetail('0004-x', JSON.stringify({ ...capture('0004-x'), ...details }));
  const { details: read, unreadable } = await readSession(folder);
  expect([...read.keys()]).toEqual(['0004-x']);
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
  expect((await readSession(folder)).unreadable).toEqual([]);
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
  const { checks, unreadable } = await readSession(folder);
  expect(checks.size).toBe(0);
  expect(unreadable).toEqual([
    'capture ../../x: its id is no name of a folder',
    'check up: its path leads out of checks/',
    'check absolute: its path leads out of checks/',
    'check link: link.json cannot be read (ELOOP)',
  ]);
});

it('a folder that is none is an error with a cure', async () => {
  await expect(readSession(join(folder, 'none'))).rejects.toMatchObject({ code: 'no-such-file' });
});
