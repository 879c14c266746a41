import { mkdtemp, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Engine, EngineError, EngineProcess } from '@firstchance/engine';
import { EngineLibrary } from '@firstchance/engine-ffi';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startHeap } from './heap-program.ts';

/* One suite over both ways to the engine: what holds for the helper process holds for the C interface. */
describe.each<[string, () => Promise<Engine>]>([
  ['helper process', () => EngineProcess.start()],
  ['C interface', () => EngineLibrary.open()],
])('engine by %s', (_, open) => {
  let target: Awaited<ReturnType<typeof startHeap>>;
  let engine: Engine;
  let folder: string;

  beforeAll(async () => {
    target = await startHeap();
    engine = await open();
  });
  afterAll(async () => {
    await engine[Symbol.asyncDispose]();
    expect(await target.check()).toBe('ok');
    await target.stop();
  });
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'firstchance-conformance-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /**
   * What is read between two equal looks at the target in /proc, with what they saw: a thread of the runtime's pool ends
   * when it has had nothing to do for a while.
   */
  async function whileStill<Reading>(read: () => Promise<Reading>) {
    const look = async () => ({
      threads: await readdir(`/proc/${target.pid}/task`),
      fileDescriptors: await readdir(`/proc/${target.pid}/fd`),
    });
    for (let attempt = 0; attempt < 10; attempt++) {
      const seen = await look();
      const reading = await read();
      if (isDeepStrictEqual(await look(), seen)) return { reading, ...seen };
    }
    throw new Error('Threads and descriptors of the target do not stand still.');
  }

  const heap = { kind: 'heap', compression: 'zstd' } as const;

  test('says what it is', () => {
    expect(engine.hello).toMatchObject({ version: expect.stringMatching(/^\d/), architecture: process.arch });
  });

  test('inspects a process without stopping it', async () => {
    const facts = await engine.inspectProcess(target.pid);
    expect(facts.runtime).toMatchObject({ kind: 'coreclr', libc: 'glibc', version: expect.stringMatching(/^10\./) });
    expect(facts.methods.map((one) => [one.captureMethod, one.available])).toEqual([
      ['clone', true],
      ['copy', true],
      ['stop', true],
    ]);
  });

  test.each(['clone', 'copy', 'stop'] as const)('takes a dump by %s that holds the known types', async (method) => {
    const phases = new Set<string>();
    const request = { pid: target.pid, folder, dump: heap, method };
    const result = await engine.take(request, { onProgress: (progress) => phases.add(progress.phase) });
    expect(result).toMatchObject({ pid: target.pid, captureMethod: method, gc: 'idle', notes: [] });
    expect(result.pauseMs).toBeGreaterThan(0);
    expect(result.dump?.bytes).toBe((await stat(path.join(folder, 'dump.core.zst'))).size);
    expect(
      result.threads
        .flatMap((thread) => thread.stack)
        .map((frame) => frame.method)
        .join(),
    ).toContain('BlockedThreads');
    expect([...phases]).toEqual(['prepare', 'resumed', 'inspect', 'write']);
    const facts = await engine.inspectDump(path.join(folder, 'dump.core.zst'));
    expect(facts.topTypes?.find((one) => one.type === 'Order')?.instances).toBeGreaterThan(1000);
    expect(facts.exceptions.map((one) => one.type)).toContain('TestException');
  });

  test.each(['clone', 'copy', 'stop'] as const)(
    'takes a census by %s of what is known to live there',
    async (method) => {
      const still = await whileStill(() => engine.census({ pid: target.pid, method }));
      const { reading: census, threads, fileDescriptors } = still;
      expect(census).toMatchObject({ pid: target.pid, captureMethod: method, gc: 'idle', complete: true, why: '' });
      const order = census.types.find(({ type }) => type === 'Order');
      expect(order).toMatchObject({ module: 'heap.dll', instances: expect.any(Number) });
      expect(order?.instances).toBeGreaterThan(1000);
      expect(census.types.map(({ bytes }) => bytes)).toEqual(
        census.types.map(({ bytes }) => bytes).sort((a, b) => b - a),
      );
      const instances = census.types.reduce((sum, one) => sum + one.instances, 0);
      expect(census.reachable.instances).toBe(instances);
      const { channels } = census;
      expect(channels.instances).toBe(instances);
      expect(channels).toMatchObject({ threads: threads.length, fileDescriptors: fileDescriptors.length });
      expect(channels.gcHeapBytes?.committed).toBeGreaterThanOrEqual(channels.gcHeapBytes?.used ?? Number.NaN);
      expect(channels.privateBytes?.gcHeap).toBeGreaterThan(8_000_000);
      expect(channels.privateBytes?.jit).toBeGreaterThan(10_000);
      expect(channels.privateBytes?.loader).toBeGreaterThan(100_000);
      expect(channels.mallocBytes).toBeGreaterThan(100_000);
      expect(channels.handlesByKind).toMatchObject({ strong: expect.any(Number), dependent: expect.any(Number) });
      expect(Object.values(channels.handlesByKind ?? {}).reduce((sum, one) => sum + one, 0)).toBe(channels.handles);
    },
  );

  test('two censuses of a quiet process are equal to the object', async () => {
    const read = () => engine.census({ pid: target.pid });
    const { reading } = await whileStill(async () => [await read(), await read()] as const);
    const [first, second] = reading;
    expect(second.types).toEqual(first.types);
    const { threads, fileDescriptors, sockets, handles, mappings } = first.channels;
    expect(second.channels).toMatchObject({ threads, fileDescriptors, sockets, handles, mappings });
  });

  test('a census of what is no .NET process says so', async () => {
    const self = engine.census({ pid: process.pid });
    await expect(self).rejects.toMatchObject({ code: expect.stringMatching(/^(not-dotnet|permission-denied)$/) });
    await expect(engine.census({ pid: 2 ** 22 + 1 })).rejects.toMatchObject({ code: 'no-such-process' });
    await expect(engine.census({ pid: target.pid, method: 'magic' as 'clone' })).rejects.toThrow("'magic' is none of");
  });

  test('unpacks to the plain core', async () => {
    const result = await engine.take({ pid: target.pid, folder, dump: { ...heap, kind: 'mini' } });
    const plain = path.join(folder, 'plain.core');
    expect(await engine.unpackDump(path.join(folder, 'dump.core.zst'), plain)).toBe(result.dump?.rawBytes);
    expect((await stat(plain)).size).toBe(result.dump?.rawBytes);
  });

  test('a cancelled capture leaves no file and an unharmed target', async () => {
    const cancel = new AbortController();
    const onProgress = (progress: { phase: string }) => progress.phase === 'write' && cancel.abort();
    const dump = { kind: 'full', compression: 'zstd', level: 15 } as const;
    const taken = engine.take({ pid: target.pid, folder, dump }, { signal: cancel.signal, onProgress });
    await expect(taken).rejects.toMatchObject({ code: 'cancelled' });
    expect(await readdir(folder)).toEqual([]);
  });

  test('failures carry a code and a sentence', async () => {
    const gone = engine.inspectProcess(2 ** 22 + 1);
    await expect(gone).rejects.toBeInstanceOf(EngineError);
    await expect(gone).rejects.toMatchObject({ code: 'no-such-process' });
    const self = engine.take({ pid: process.pid, folder, dump: heap });
    await expect(self).rejects.toMatchObject({ code: expect.stringMatching(/^(not-dotnet|permission-denied)$/) });
    const bad = engine.take({ pid: target.pid, folder, dump: { kind: 'huge' as 'heap', compression: 'zstd' } });
    await expect(bad).rejects.toThrow("'huge' is none of mini, focus, heap, full, auto");
  });

  test('damaged dumps are refused in a sentence', async () => {
    await engine.take({ pid: target.pid, folder, dump: { ...heap, kind: 'mini' } });
    const file = path.join(folder, 'dump.core.zst');
    await truncate(file, 100_000);
    await expect(engine.inspectDump(file)).rejects.toThrow('it was cut off');
    const text = path.join(folder, 'text');
    await writeFile(text, 'this is no dump');
    await expect(engine.unpackDump(text, `${text}.core`)).rejects.toThrow('it is not compressed with zstd');
    expect((await readdir(folder)).sort()).toEqual(['dump.core.zst', 'text']);
  });
});
