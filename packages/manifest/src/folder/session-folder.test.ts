import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeSessions, retainSessions } from './retention.ts';
import { makeSessionFolder } from './session-folder.ts';
import { runningSessions } from './session-lock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'session-folder-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a session folder', () => {
  it('is new, private, and the latest', () => {
    using first = makeSessionFolder(folder);
    expect(first.path).toBe(join(folder, '.firstchance', first.id));
    expect(statSync(first.path).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, '.firstchance')).mode & 0o777).toBe(0o700);
    expect(readlinkSync(join(folder, '.firstchance/latest'))).toBe(first.id);
    using second = makeSessionFolder(folder);
    expect(readlinkSync(join(folder, '.firstchance/latest'))).toBe(second.id);
    expect(second.id).not.toBe(first.id);
    expect(readdirSync(join(folder, '.firstchance')).sort()).toEqual(
      ['.gitignore', first.id, second.id, 'latest'].sort(),
    );
  });

  it('is the given one, also when it holds sessions', () => {
    const { path } = makeSessionFolder(folder, 'out');
    writeFileSync(join(path, 'manifest.jsonl'), 'x\n');
    using again = makeSessionFolder(folder, 'out');
    expect(again.path).toBe(join(folder, 'out'));
    expect(readFileSync(join(again.path, 'manifest.jsonl'), 'utf8')).toBe('x\n');
    expect(existsSync(join(folder, '.firstchance'))).toBe(false);
  });

  it('below a folder in which nothing can be made is an error, not a wait without end', () => {
    expect(() => makeSessionFolder(folder, '/proc/firstchance/out')).toThrow(
      expect.objectContaining({ code: 'output-not-writable' }),
    );
    writeFileSync(join(folder, 'file'), '');
    for (const given of ['file', 'file/out'])
      expect(() => makeSessionFolder(folder, given)).toThrow(expect.objectContaining({ code: 'output-not-writable' }));
    using deep = makeSessionFolder(folder, 'a/b/c');
    expect(statSync(deep.path).mode & 0o777).toBe(0o700);
  });

  it('keeps dumps out of git where it makes the folder, and nowhere else', () => {
    mkdirSync(join(folder, 'mine'));
    for (const given of [undefined, 'out', 'mine']) makeSessionFolder(folder, given)[Symbol.dispose]();
    for (const made of ['.firstchance', 'out'])
      expect(readFileSync(join(folder, made, '.gitignore'), 'utf8')).toMatch(/^\*$/m);
    expect(readdirSync(join(folder, 'mine'))).toEqual([]);
  });

  it('knows who else runs in it', () => {
    using first = makeSessionFolder(folder, 'out');
    expect(first.sharedWith).toEqual([]);
    using second = makeSessionFolder(folder, 'out');
    expect(second.sharedWith).toEqual([first.id]);
    expect(runningSessions(first.path).sort()).toEqual([first.id, second.id].sort());
    first[Symbol.dispose]();
    expect(runningSessions(first.path)).toEqual([second.id]);
    expect(readdirSync(first.path)).toEqual(['.gitignore', `.running-${second.id}`]);
  });

  it('says why it cannot be made', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => makeSessionFolder(folder, 'file')).toThrow(/Making the session folder .*file: there is a file/);
    expect(() => makeSessionFolder(folder, 'file/below')).toThrow(/a part of the path is no folder/);
  });

  it('does without the link when something else has its name', () => {
    mkdirSync(join(folder, '.firstchance/latest/mine'), { recursive: true });
    using made = makeSessionFolder(folder);
    expect(readdirSync(join(folder, '.firstchance')).sort()).toEqual([made.id, 'latest']);
    expect(existsSync(join(folder, '.firstchance/latest/mine'))).toBe(true);
  });
});

describe('the mark of a running session', () => {
  it('ends with a process that is killed', async () => {
    const { path, id } = makeSessionFolder(folder, 'out');
    const lock = join(path, `.running-${id}`);
    const child = spawn('sleep', ['1000']);
    try {
      await once(child, 'spawn');
      const owner = JSON.parse(readFileSync(lock, 'utf8'));
      const start = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[19];
      writeFileSync(lock, JSON.stringify({ ...owner, pid: child.pid, startTime: start }));
      expect(runningSessions(path)).toEqual([id]);
      // The same pid of another process: its start time differs.
      writeFileSync(lock, JSON.stringify({ ...owner, pid: child.pid, startTime: '1' }));
      expect(runningSessions(path)).toEqual([]);
      expect(existsSync(lock)).toBe(false);
      writeFileSync(lock, JSON.stringify({ ...owner, pid: child.pid, startTime: start }));
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    expect(runningSessions(path)).toEqual([]);
    expect(existsSync(lock)).toBe(false);
  });

  it('of another machine or container counts for a day', () => {
    const { path, id } = makeSessionFolder(folder, 'out');
    const lock = join(path, `.running-${id}`);
    for (const content of ['{"pid":1,"startTime":"1","world":"elsewhere"}', '{"pid":', '']) {
      writeFileSync(lock, content);
      expect(runningSessions(path)).toEqual([id]);
      expect(runningSessions(path, Date.now() + 25 * 3_600_000)).toEqual([]);
    }
    utimesSync(lock, 1, 1);
    expect(runningSessions(path)).toEqual([]);
  });
});

describe('retention', () => {
  function old(name: string): string {
    const path = join(folder, '.firstchance', name);
    mkdirSync(join(path, 'captures'), { recursive: true });
    return path;
  }

  it('removes the oldest, not those that run, nor what has no name of ours', () => {
    const names = ['20250101-000000-aaaaaa', '20250102-000000-aaaaaa', '20250103-000000-aaaaaa'];
    for (const name of names) old(name);
    old('notes');
    symlinkSync('notes', join(folder, '.firstchance', '20240101-000000-bbbbbb'));
    using running = makeSessionFolder(folder, '.firstchance/20250101-000000-aaaaaa');
    using made = makeSessionFolder(folder);
    expect(retainSessions(made.path, 2)).toEqual(['20250102-000000-aaaaaa']);
    expect(existsSync(running.path)).toBe(true);
    expect(readdirSync(join(folder, '.firstchance')).sort()).toEqual(
      [names[0], names[2], '20240101-000000-bbbbbb', 'latest', 'notes', made.id].sort(),
    );
    expect(retainSessions(made.path, 0)).toEqual([]);
    expect(retainSessions(join(folder, 'elsewhere'), 1)).toEqual([]);
  });

  it('finishes what a killed run began, and removes all when asked', () => {
    old('.removing-20250101-000000-aaaaaa');
    old('20250102-000000-aaaaaa');
    symlinkSync('20250102-000000-aaaaaa', join(folder, '.firstchance', 'latest'));
    expect(removeSessions(join(folder, '.firstchance'), 0)).toEqual(['20250102-000000-aaaaaa']);
    expect(readdirSync(join(folder, '.firstchance'))).toEqual([]);
    expect(removeSessions(join(folder, 'nowhere'), 0)).toEqual([]);
  });
});
