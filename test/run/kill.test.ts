import { existsSync, readdirSync, readFileSync, statSync, watch } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { endRecord, fixture, type Running, readManifest } from '../support/firstchance.ts';
import { childrenOf } from '../support/processes.ts';
import { Sandbox } from '../support/sandbox.ts';

/* What happens when a process of ours dies by kill -9 while captures are taken: the program goes on, the rest is whole. */

const rounds = 60;
const program = ['dotnet', fixture('throw-loop'), '--rounds', String(rounds), '--delay', '40'];
const caught = `threw and caught ${rounds} exceptions\n`;
const options = ['-mh', '-e', '1', '-n', '1000'];

/** Waits until the folder of a capture is there: by then the target runs again, and its copy is being written. */
async function captureBegins(session: string, number: number): Promise<void> {
  const captures = path.join(session, 'captures');
  const prefix = String(number).padStart(4, '0');
  const isThere = () => existsSync(captures) && readdirSync(captures).some((name) => name.startsWith(prefix));
  for (const folder of [path.dirname(session), session, captures]) {
    using watcher = watchFolder(folder);
    while (!(folder === captures ? isThere() : existsSync(nextOf(folder, captures)))) await watcher.changed();
  }
}

const nextOf = (folder: string, below: string) =>
  path.join(folder, path.relative(folder, below).split(path.sep)[0] ?? '');

function watchFolder(folder: string) {
  let tell = () => {};
  let next = new Promise<void>((resolve) => (tell = resolve));
  const watcher = watch(folder, () => {
    tell();
    next = new Promise<void>((resolve) => (tell = resolve));
  });
  return { changed: () => next, [Symbol.dispose]: () => watcher.close() };
}

const commandOf = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, 'utf8');

/** The session's engine, the process that takes a capture, and its worker that reads and writes. */
function ours(running: Running): { engine: number; captures: number[]; workers: number[] } {
  const engine = childrenOf(running.child.pid ?? 0).find((pid) => commandOf(pid).includes('firstchance-engine')) ?? 0;
  const captures = childrenOf(engine);
  return { engine, captures, workers: captures.flatMap(childrenOf) };
}

/** Every line is whole, every capture that is listed has its files, every folder is listed. */
function expectWholeSession(session: string): number {
  const records = readManifest(session);
  const captures = records.filter((line) => line.record === 'capture');
  for (const { id, dump } of captures as unknown as { id: string; dump: { path: string; bytes: number } }[]) {
    expect(JSON.parse(readFileSync(path.join(session, 'captures', id, 'capture.json'), 'utf8'))).toMatchObject({ id });
    expect(statSync(path.join(session, dump.path)).size).toBe(dump.bytes);
  }
  return captures.length;
}

const listed = (session: string) =>
  readManifest(session)
    .filter((line) => line.record === 'capture')
    .map((line) => line.id);

describe('kill -9', () => {
  test('of the engine', async () => {
    using sandbox = new Sandbox();
    const running = sandbox.start(['run', ...options, '-x', sandbox.session, '--', ...program]);
    await captureBegins(sandbox.session, 4);
    process.kill(ours(running).engine, 'SIGKILL');
    const outcome = await running.end();
    expect(outcome).toMatchObject({ code: 0, stdout: caught });
    expect(outcome.stderr).toContain('the engine ended unexpectedly, nothing more is captured');
    expect(expectWholeSession(sandbox.session)).toBeGreaterThan(0);
    expect(readdirSync(path.join(sandbox.session, 'captures')).sort()).toEqual(listed(sandbox.session).sort());
    expect(endRecord(sandbox.session)).toMatchObject({ exitCode: 0 });
    expect(sandbox.leftovers()).toEqual([]);
  });

  test.each(['captures', 'workers'] as const)('of one of its %s: the next captures are taken', async (which) => {
    using sandbox = new Sandbox();
    const running = sandbox.start(['run', ...options, '-x', sandbox.session, '--', ...program]);
    await captureBegins(sandbox.session, 4);
    const before = listed(sandbox.session).length;
    const victims = ours(running)[which];
    expect(victims.length).toBeGreaterThan(0);
    process.kill(victims[0] ?? 0, 'SIGKILL');
    const outcome = await running.end();
    expect(outcome).toMatchObject({ code: 0, stdout: caught });
    expect(expectWholeSession(sandbox.session)).toBeGreaterThan(before + 5);
    expect(readdirSync(path.join(sandbox.session, 'captures')).sort()).toEqual(listed(sandbox.session).sort());
    expect(endRecord(sandbox.session)).toMatchObject({ exitCode: 0 });
    expect(sandbox.leftovers()).toEqual([]);
  });

  test('of the command itself: the engine ends too, the next session sweeps its sockets', async () => {
    using sandbox = new Sandbox();
    const running = sandbox.start(['run', ...options, '-x', sandbox.session, '--', ...program]);
    await captureBegins(sandbox.session, 4);
    running.child.kill('SIGKILL');
    // Its output ends with the program's, which goes on alone.
    expect(await running.end()).toMatchObject({ signal: 'SIGKILL', stdout: caught });
    expect(expectWholeSession(sandbox.session)).toBeGreaterThan(0);
    expect(endRecord(sandbox.session)).toBeUndefined();
    expect(sandbox.leftovers().filter((one) => one.startsWith('process'))).toEqual([]);
    const again = await sandbox.run(['-mm', '-e', '1', '-n', '1'], program.slice(0, 2).concat('--rounds', '1'));
    expect(again.code).toBe(0);
    expect(sandbox.leftovers()).toEqual([]);
  });
});
