import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isAlive, readStat } from '../proc/stat.ts';
import { ProcessTree, survivors } from '../tree/tree.ts';
import { launch } from './launch.ts';
import { SignalRelay } from './signals.ts';
import { stopProcesses } from './stop.ts';

const environment = process.env;
const shell = (script: string) => launch({ command: ['/bin/sh', '-c', script], environment });

/** Waits until a condition holds; the test's own time limit ends it when it never does. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('launch', () => {
  it('tells the exit code', async () => {
    const command = await shell('exit 7');
    expect(await command.exited).toEqual({ exitCode: 7, signal: null });
    expect(command.exit?.exitCode).toBe(7);
  });

  it('tells the signal as a shell would', async () => {
    const command = await shell('kill -9 $$');
    expect(await command.exited).toEqual({ exitCode: 137, signal: 'SIGKILL' });
  });

  it('gives the command a group and session of its own', async () => {
    const command = await shell('exec sleep 60');
    const stat = readStat(command.pid);
    expect(stat).toMatchObject({ processGroup: command.pid, sessionId: command.pid });
    expect(command.signalGroup('SIGTERM')).toBe(true);
    expect((await command.exited).exitCode).toBe(143);
    expect(command.signalGroup('SIGTERM')).toBe(false);
  });

  it.each([
    ['firstchance-no-such-program', 'command-not-found', /found no such program.*PATH/],
    ['./no/such/file', 'command-not-found', /Check the path/],
    ['/etc', 'command-not-executable', /chmod \+x/],
    ['', 'command-not-found', /no command was given/],
  ])('explains why %j does not start', async (program, code, message) => {
    const failure = await launch({ command: [program], environment }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code, name: 'TargetError' });
    expect(String(failure)).toMatch(message);
  });

  it('explains an argument list that is too long', async () => {
    const failure = launch({ command: ['/bin/true', 'x'.repeat(3_000_000)], environment });
    await expect(failure).rejects.toMatchObject({
      code: 'launch-failed',
      cure: 'Shorten the arguments or the environment',
    });
  });
});

describe('SignalRelay', () => {
  it('passes a signal on once, and kills on the next one after the grace period', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'relay-'));
    const ready = join(folder, 'ready');
    const command = await shell(`trap "" INT; : > ${ready}; while :; do sleep 0.05; done`);
    await until(() => existsSync(ready));
    let reached: () => void = () => {};
    const stillAlive = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const seen: string[] = [];
    const relay = new SignalRelay(command, {
      graceMs: 30,
      onSignal: (signal) => seen.push(signal),
      onStillAlive: reached,
    });
    try {
      process.emit('SIGINT');
      await stillAlive;
      expect(command.exit).toBeUndefined();
      process.emit('SIGINT');
      expect((await command.exited).signal).toBe('SIGKILL');
      expect(seen).toEqual(['SIGINT']);
      expect(relay.interruptedBy).toBe('SIGINT');
    } finally {
      relay[Symbol.dispose]();
      rmSync(folder, { recursive: true });
    }
    expect(process.listenerCount('SIGWINCH')).toBe(0);
  });
});

describe('ProcessTree', () => {
  it('follows descendants, also when their parent ends before them', async () => {
    // The inner shell leaves its sleep behind and ends; the kernel gives the orphan a new parent.
    const command = await shell('(sleep 60 &) ; sleep 60');
    const ended: number[] = [];
    const tree = new ProcessTree(command.pid, { intervalMs: 10_000, onEnded: (member) => ended.push(member.stat.pid) });
    try {
      await until(() => {
        tree.look();
        return tree.processes.filter((member) => member.commandLine[0] === 'sleep').length === 2;
      });
      expect(tree.get(command.pid)?.isDotnet).toBe(false);
      const left = survivors(tree);
      expect(left.length).toBe(3);
      await stopProcesses(left);
      tree.look();
      // The subshell that started the orphan may have been seen too.
      expect(ended).toEqual(expect.arrayContaining(left.map((stat) => stat.pid)));
      expect(left.some((stat) => isAlive(stat.pid, stat.startTime))).toBe(false);
      expect(tree.processes).toEqual([]);
    } finally {
      tree[Symbol.dispose]();
      command.signalGroup('SIGKILL');
      await command.exited;
    }
  });

  it('tells once that a process runs .NET when somebody who knows says so', async () => {
    const command = await shell('exec sleep 60');
    const told: number[] = [];
    const tree = new ProcessTree(command.pid, { intervalMs: 10_000, onDotnet: (member) => told.push(member.stat.pid) });
    tree.addDotnet(command.pid);
    tree.addDotnet(command.pid);
    tree.look();
    expect(told).toEqual([command.pid]);
    tree[Symbol.dispose]();
    command.signalGroup('SIGKILL');
    await command.exited;
  });

  it('sees by itself who comes, and keeps a stranger that is said to belong', async () => {
    const command = await shell('sleep 60 & wait');
    const stranger = await shell('exec sleep 60');
    const ended: number[] = [];
    const tree = new ProcessTree(command.pid, { intervalMs: 5, onEnded: (member) => ended.push(member.stat.pid) });
    const has = (name: string) => tree.processes.some((member) => member.commandLine[0] === name);
    try {
      await until(() => has('/bin/sh') && has('sleep')); // and the stranger has been passed over
      tree.addDotnet(stranger.pid);
      const late = await shell('exec sleep 60');
      await until(() => isAlive(late.pid));
      tree.look();
      expect(tree.get(stranger.pid)).toBeDefined();
      expect(tree.get(late.pid)).toBeUndefined();
      late.signalGroup('SIGKILL');
      await late.exited;
      stranger.signalGroup('SIGKILL');
      await stranger.exited;
      await until(() => ended.includes(stranger.pid));
      expect(ended).toEqual([stranger.pid]);
    } finally {
      tree[Symbol.dispose]();
      for (const one of [command, stranger]) one.signalGroup('SIGKILL');
      await Promise.all([command.exited, stranger.exited]);
    }
  });
});
