import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { isCompiling } from './compiler.ts';

let folder = '';
const children: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'firstchance-compiler-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  rmSync(folder, { recursive: true, force: true });
});

/** A shell whose only thread bears this name: the kernel takes it from the file, and cuts it. */
async function shell(name: string, script: string): Promise<number> {
  symlinkSync('/bin/sh', path.join(folder, name));
  const child = spawn(path.join(folder, name), ['-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  await once(child.stdout, 'data');
  return child.pid ?? 0;
}

it("tells whether the compiler's thread is at work", async () => {
  const busy = await shell('.NET Tiered Compilation Worker', 'echo; while :; do :; done');
  expect(readFileSync(`/proc/${busy}/comm`, 'utf8')).toBe('.NET Tiered Com\n');
  expect(isCompiling(busy)).toBe(true);
  const other = await shell('busy', 'echo; while :; do :; done');
  expect(isCompiling(other)).toBe(false);
  // No such process.
  expect(isCompiling(0x7fffffff)).toBe(false);
});

it('and that it waits', async () => {
  const waiting = await shell('.NET Tiered Compilation Worker', 'echo; read line');
  let state = '';
  while (state !== 'S') state = readFileSync(`/proc/${waiting}/stat`, 'utf8').split(') ')[1]?.[0] ?? 'S';
  expect(isCompiling(waiting)).toBe(false);
});
