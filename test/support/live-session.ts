import { existsSync, readdirSync, readFileSync, statSync, watch } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { type Running, readManifest } from './firstchance.ts';
import { childrenOf } from './processes.ts';

/** Waits until the folder of a capture is there: by then the target runs again, and its copy is being written. */
export async function captureBegins(session: string, number: number): Promise<void> {
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
export function ours(running: Running): { engine: number; captures: number[]; workers: number[] } {
  const engine = childrenOf(running.child.pid ?? 0).find((pid) => commandOf(pid).includes('firstchance-engine')) ?? 0;
  const captures = childrenOf(engine);
  return { engine, captures, workers: captures.flatMap(childrenOf) };
}

/** Every line is whole, every capture that is listed has its files, every folder is listed. */
export function expectWholeSession(session: string): number {
  const records = readManifest(session);
  const captures = records.filter((line) => line.record === 'capture');
  for (const { id, dump } of captures as unknown as { id: string; dump: { path: string; bytes: number } }[]) {
    expect(JSON.parse(readFileSync(path.join(session, 'captures', id, 'capture.json'), 'utf8'))).toMatchObject({ id });
    expect(statSync(path.join(session, dump.path)).size).toBe(dump.bytes);
  }
  return captures.length;
}

export const listed = (session: string) =>
  readManifest(session)
    .filter((line) => line.record === 'capture')
    .map((line) => line.id);
