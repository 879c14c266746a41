import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadManifest } from '../read/load-manifest.ts';
import { capture, problem, stamp } from '../testing/records.ts';
import { mergeSessions } from './merge-sessions.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'merge-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const ID = '0001-first-chance-X';

function session(name: string): string {
  const path = join(folder, name);
  const files = join(path, 'captures', ID);
  mkdirSync(files, { recursive: true });
  mkdirSync(join(path, 'checks'));
  writeFileSync(join(files, 'dump.core.zst'), name, { mode: 0o644 });
  writeFileSync(join(files, 'capture.json'), JSON.stringify({ ...capture(ID, name), notes: [] }));
  writeFileSync(join(path, 'checks/k.json'), JSON.stringify({ of: name }));
  const check = { record: 'check', ...stamp, session: name, id: 'k', verdict: 'LEAK', reason: 'r' };
  const records = [
    capture(ID, name),
    { ...check, path: 'checks/k.json' },
    { record: 'result', ...stamp, session: name, captureId: ID, kept: true, testState: 'failed' },
    { record: 'weather', ...stamp, session: name, sky: 'grey' },
  ];
  writeFileSync(join(path, 'manifest.jsonl'), records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  return path;
}

it('gives every capture a place of its own and keeps what belongs together together', async () => {
  const target = join(folder, 'all');
  const result = await mergeSessions([session('a'), session('b')], target);
  expect(result).toEqual({ sessions: ['a', 'b'], captures: 2, problems: [] });
  const manifest = await loadManifest(target);
  const captures = manifest.of('capture');
  expect(captures.map(({ session: of, id, dump }) => [of, id, dump?.path])).toEqual([
    ['a', '0001-first-chance-X', 'captures/0001-first-chance-X/dump.core.zst'],
    ['b', '0002-first-chance-X', 'captures/0002-first-chance-X/dump.core.zst'],
  ]);
  for (const { session: of, id, dump } of captures) {
    const path = join(target, dump?.path ?? '');
    expect(readFileSync(path, 'utf8')).toBe(of);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(join(target, 'captures', id, 'capture.json'), 'utf8'))).toMatchObject({ id, dump });
  }
  expect(manifest.of('result').map(({ captureId }) => captureId)).toEqual(captures.map(({ id }) => id));
  for (const { session: of, path } of manifest.of('check'))
    expect(JSON.parse(readFileSync(join(target, path), 'utf8'))).toEqual({ of });
  expect(manifest.unknown.map(({ record }) => record)).toMatchObject([{ sky: 'grey' }, { sky: 'grey' }]);
  expect(statSync(target).mode & 0o777).toBe(0o700);
});

it('takes a session once, and says so', async () => {
  const target = join(folder, 'all');
  const source = session('a');
  await mergeSessions([source], target);
  const result = await mergeSessions([source, session('b')], target);
  expect(result).toMatchObject({ sessions: ['b'], captures: 1, problems: [expect.stringContaining('session a is')] });
  expect(readdirSync(join(target, 'captures')).sort()).toEqual(['0001-first-chance-X', '0002-first-chance-X']);
});

it('says which lines were left out, and goes on', async () => {
  const source = session('a');
  appendFileSync(join(source, 'manifest.jsonl'), '{"record":');
  const { problems, captures } = await mergeSessions([source], join(folder, 'all'));
  expect({ problems, captures }).toEqual({
    problems: [expect.stringMatching(/line 5 of the manifest was left out: the line is cut off/)],
    captures: 1,
  });
});

it('brings nothing along from outside a session', async () => {
  const source = session('a');
  writeFileSync(join(folder, 'secret'), 'secret');
  symlinkSync(join(folder, 'secret'), join(source, 'captures', ID, 'link'));
  appendFileSync(join(source, 'manifest.jsonl'), `${JSON.stringify(capture('../../..', 'a'))}\n`);
  const target = join(folder, 'all');
  expect(await mergeSessions([source], target)).toMatchObject({ captures: 1 });
  expect(existsSync(join(target, 'captures', ID, 'link'))).toBe(false);
  expect(readdirSync(join(target, 'captures')).sort()).toEqual(['0001-first-chance-X', '0002-capture']);
  expect(readdirSync(join(target, 'captures/0002-capture'))).toEqual([]);
});

it.each(['captures', 'checks'])('brings nothing along through a link in the place of %s', async (name) => {
  const source = session('a');
  renameSync(join(source, name), join(folder, 'ours'));
  symlinkSync(join(folder, 'ours'), join(source, name));
  const target = join(folder, 'all');
  expect(await mergeSessions([source], target)).toMatchObject({ sessions: ['a'], captures: name === 'checks' ? 1 : 0 });
  const there = readdirSync(target, { recursive: true }).map(String);
  expect(there.some((path) => path.endsWith(name === 'checks' ? 'k.json' : 'dump.core.zst'))).toBe(false);
});

it('goes on where a session holds what is none', async () => {
  const source = session('a');
  execFileSync('mkfifo', [join(source, 'captures', ID, 'pipe')]);
  mkdirSync(join(source, 'checks/folder'));
  const check = { record: 'check', ...stamp, session: 'a', id: 'c', verdict: 'LEAK', reason: 'r' };
  for (const path of ['checks/..', 'checks/folder', '/'])
    appendFileSync(join(source, 'manifest.jsonl'), `${JSON.stringify({ ...check, path })}\n`);
  for (const [at, detail] of ['null', '7', '{"dump":7}', '{"dump":{"path":7}}'].entries()) {
    const id = `000${at + 2}-first-chance-X`;
    mkdirSync(join(source, 'captures', id));
    writeFileSync(join(source, 'captures', id, 'capture.json'), detail);
    appendFileSync(join(source, 'manifest.jsonl'), `${JSON.stringify(capture(id, 'a'))}\n`);
  }
  const target = join(folder, 'all');
  expect(await mergeSessions([source], target)).toEqual({ sessions: ['a'], captures: 5, problems: [] });
  expect(readdirSync(join(target, 'checks'))).toEqual(['k.json']);
  expect(readdirSync(join(target, 'captures', ID)).sort()).toEqual(['capture.json', 'dump.core.zst']);
});

it('cannot merge what is not there', async () => {
  await expect(mergeSessions([join(folder, 'none')], join(folder, 'all'))).rejects.toMatchObject({
    message: expect.stringContaining(join(folder, 'none')),
  });
  expect(problem('x').session).toBe('s1');
});
