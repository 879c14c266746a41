import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { launch } from '../launch/launch.ts';
import { readExecutable } from '../proc/command-line.ts';
import { ProcessTree } from './tree.ts';

/** Called between the two reads of what a process runs; what it does, the process did at the worst moment. */
const between = vi.hoisted(() => ({ reads: 0, act: (): void => {} }));

vi.mock('../proc/command-line.ts', async (original) => {
  const real = await original<typeof import('../proc/command-line.ts')>();
  const afterwards = <T>(value: T): T => {
    between.reads += 1;
    if (between.reads === 1) between.act();
    return value;
  };
  return {
    ...real,
    readCommandLine: (pid: number) => afterwards(real.readCommandLine(pid)),
    readExecutable: (pid: number) => afterwards(real.readExecutable(pid)),
  };
});

it('knows the command line of a process that execs while it is being read', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tree-'));
  const gate = join(folder, 'gate');
  execFileSync('mkfifo', [gate]);
  const script = `read line < ${gate}; exec sleep 60`;
  const command = await launch({ command: ['/bin/sh', '-c', script], environment: process.env });
  const tree = new ProcessTree(command.pid, { intervalMs: 10_000 });
  between.act = () => {
    const shell = readExecutable(command.pid);
    writeFileSync(gate, 'go\n'); // returns when the shell has opened it, too
    while (readExecutable(command.pid) === shell);
  };
  try {
    tree.look();
    await vi.waitUntil(() => {
      tree.look();
      return tree.get(command.pid)?.commandLine[0] === 'sleep';
    });
  } finally {
    tree[Symbol.dispose]();
    command.signalGroup('SIGKILL');
    await command.exited;
    rmSync(folder, { recursive: true });
  }
  expect(between.reads).toBeGreaterThan(1);
});
