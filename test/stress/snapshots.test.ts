import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EngineProcess } from '@firstchance/engine';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HeapTarget } from '../support/heap-target.ts';
import { childrenOf, statusOf } from '../support/processes.ts';

/* Many dumps of one process that never rests: threads come and go, memory is allocated, signals arrive. */

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'firstchance-stress-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Sends SIGCONT, which the target handles, as fast as the loop comes round; ends with the block. */
function stormOf(pid: number): Disposable & { sent: number } {
  const storm = { sent: 0, [Symbol.dispose]: () => clearInterval(timer) };
  const timer = setInterval(() => {
    process.kill(pid, 'SIGCONT');
    storm.sent += 1;
  }, 2);
  return storm;
}

const residentKB = (pid: number) => Number.parseInt(statusOf(pid, 'VmRSS') ?? '', 10);

test.each(['clone', 'copy', 'stop'] as const)(
  '300 dumps by %s under churn: every one whole, the target unharmed',
  {
    timeout: 900_000,
  },
  async (method) => {
    await using target = await HeapTarget.start({}, undefined, ['--workers', '2', '--allocate', '64', '--churn', '2']);
    await using engine = await EngineProcess.start();
    const before = await target.ask('churn');
    using storm = stormOf(target.pid);
    for (let i = 0; i < 300; i += 1) {
      const dump = { kind: i % 10 === 0 ? 'heap' : 'mini', compression: 'zstd' } as const;
      const result = await engine.take({ pid: target.pid, folder, dump, method });
      expect(result, `dump ${i}`).toMatchObject({ captureMethod: method });
      if (i % 30 === 0) {
        const facts = await engine.inspectDump(path.join(folder, 'dump.core.zst'), { stacks: true });
        expect(facts.threads.some((thread) => thread.stack.length > 0)).toBe(true);
      }
      rmSync(path.join(folder, 'dump.core.zst'));
      expect(readdirSync(folder)).toEqual([]);
    }
    const after = await target.ask('churn');
    expect(after.threads).toBeGreaterThan(Number(before.threads) + 300);
    expect(storm.sent).toBeGreaterThan(300);
    expect(after.signals).toBeGreaterThan(Number(before.signals));
    await target.expectUnharmed();
    expect(statusOf(target.pid, 'TracerPid')).toBe('0');
  },
);

test('200 dumps by one engine: its memory is flat, no process of it stays', { timeout: 900_000 }, async () => {
  await using target = await HeapTarget.start({}, undefined, ['--workers', '1']);
  await using engine = await EngineProcess.start();
  const pid = childrenOf(process.pid).find((child) => statusOf(child, 'Name')?.startsWith('firstchance')) ?? 0;
  const dump = { kind: 'heap', compression: 'zstd' } as const;
  const take = async () => {
    await engine.take({ pid: target.pid, folder, dump });
    rmSync(path.join(folder, 'dump.core.zst'));
  };
  // The first ones fill caches of the C library.
  for (let i = 0; i < 10; i += 1) await take();
  const before = residentKB(pid);
  expect(before).toBeGreaterThan(1000);
  for (let i = 0; i < 200; i += 1) await take();
  const grown = residentKB(pid) - before;
  expect(Math.abs(grown), `${before} kB before, grown by ${grown} kB`).toBeLessThanOrEqual(1024);
  expect(childrenOf(pid)).toEqual([]);
  await target.expectUnharmed();
  expect(childrenOf(target.pid)).toEqual([]);
});
