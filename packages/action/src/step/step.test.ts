import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endProcess, isRunning, startedProcess } from './started-process.ts';
import { readStepRecord, type StepRecord, writeStepRecord } from './step-record.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'firstchance-step-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('what main leaves for post', () => {
  it('is read as it was written', () => {
    const record: StepRecord = {
      mode: 'arm',
      session: '/s',
      process: { pid: 7, startTime: '1' },
      done: false,
      artifact: null,
    };
    writeStepRecord(folder, record);
    expect(readStepRecord(folder)).toEqual(record);
  });

  it.each(['', '{', 'null', '[]', '{"mode":"other","session":"/s"}', '{"mode":"run","session":7}'])(
    'is none when it is %j',
    (text) => {
      writeFileSync(join(folder, 'step.json'), text);
      expect(readStepRecord(folder)).toBeUndefined();
    },
  );

  it.each([1, 0, -1, 1.5, '7'])('names no process %j', (pid) => {
    writeFileSync(
      join(folder, 'step.json'),
      JSON.stringify({ mode: 'run', session: '/s', process: { pid, startTime: '1' } }),
    );
    expect(readStepRecord(folder)?.process).toBeNull();
  });
});

describe('a process that an earlier process started', () => {
  async function start(script: string) {
    const child = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] });
    await once(child.stdout, 'data');
    const started = startedProcess(child.pid ?? 0);
    if (!started) throw new Error('it is gone');
    return { child, started };
  }

  it('is asked to end', async () => {
    const { child, started } = await start('echo ready; exec sleep 600');
    expect(isRunning(started)).toBe(true);
    expect(await endProcess(started, 10_000)).toBe(true);
    expect(child.signalCode ?? 'SIGTERM').toBe('SIGTERM');
    expect(isRunning(started)).toBe(false);
    expect(await endProcess(started, 10_000)).toBe(true);
  });

  it('is killed when it does not', async () => {
    const { child, started } = await start("trap '' TERM; echo ready; while :; do sleep 1; done");
    const exit = once(child, 'exit');
    expect(await endProcess(started, 300)).toBe(false);
    expect((await exit)[1]).toBe('SIGKILL');
  });

  it('is told from a later one of its pid', async () => {
    const { child, started } = await start('echo ready; exec sleep 600');
    expect(isRunning({ ...started, startTime: '1' })).toBe(false);
    expect(await endProcess({ ...started, startTime: '1' }, 100)).toBe(true);
    expect(isRunning(started)).toBe(true);
    child.kill();
  });
});
