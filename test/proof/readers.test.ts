import { execFile } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { DiagnosticsClient } from '@firstchance/diagnostics';
import { EngineProcess } from '@firstchance/engine';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startHeap } from '../engine/heap-program.ts';
import { fixture, temporaryFolder } from '../support/firstchance.ts';

const run = promisify(execFile);

type Facts = Record<string, unknown> & {
  objects?: { count: number; unknown: number };
  verify?: unknown[];
  marker?: unknown;
};

/** What ClrMD reads out of a core. */
async function read(file: string, parts: string): Promise<Facts> {
  const { stdout } = await run('dotnet', [fixture('dump-reader'), file, '--parts', parts], { maxBuffer: 2 ** 28 });
  return JSON.parse(stdout) as Facts;
}

const everything = 'threads,exceptions,objects,roots,marker,verify,modules';

/*
 * The proof of the dumps: of one quiet process, what a reader sees in ours is what it sees in createdump's.
 */
describe.each<[string, NodeJS.ProcessEnv]>([
  ['workstation GC', {}],
  // Without adaptation, which adds heaps and handles as it learns.
  ['server GC', { DOTNET_gcServer: '1', DOTNET_GCDynamicAdaptationMode: '0' }],
])('readers see in our dumps what they see in createdump: %s', (_, environment) => {
  let target: Awaited<ReturnType<typeof startHeap>>;
  let engine: EngineProcess;
  let folder: ReturnType<typeof temporaryFolder>;
  let theirs: Facts;

  beforeAll(async () => {
    folder = temporaryFolder();
    // Without tiering no thread of the runtime compiles, allocates or ends between the dumps.
    target = await startHeap({ ...environment, DOTNET_TieredCompilation: '0' });
    engine = await EngineProcess.start();
    const file = path.join(folder.path, 'createdump.core');
    const client = await DiagnosticsClient.forProcess(target.pid);
    await client.writeDump({ path: file, kind: 'heap' });
    theirs = await read(file, everything);
  });
  afterAll(async () => {
    await engine[Symbol.asyncDispose]();
    expect(await target.check()).toBe('ok');
    await target.stop();
    folder[Symbol.dispose]();
  });

  async function ours(kind: 'mini' | 'heap' | 'full', method: 'clone' | 'copy' | 'stop'): Promise<string> {
    const into = path.join(folder.path, `${kind}-${method}`);
    mkdirSync(into);
    await engine.take({ pid: target.pid, folder: into, dump: { kind, compression: 'zstd' }, method });
    const plain = path.join(into, 'dump.core');
    await engine.unpackDump(path.join(into, 'dump.core.zst'), plain);
    return plain;
  }

  test.each([
    ['heap', 'clone'],
    ['full', 'clone'],
    ['heap', 'copy'],
    ['heap', 'stop'],
  ] as const)('%s by %s', async (kind, method) => {
    const facts = await read(await ours(kind, method), everything);
    expect(facts.objects?.count).toBeGreaterThan(50_000);
    expect(facts.objects?.unknown).toBe(0);
    expect(facts.verify).toEqual([]);
    expect(facts.marker).toMatchObject({ text: 'MARKER-STRING-äöü-12345', next: 'second marker' });
    expect(facts).toEqual(theirs);
  });

  test('mini: threads, stacks and exceptions', async () => {
    const parts = 'threads,exceptions,modules';
    const facts = await read(await ours('mini', 'clone'), parts);
    const { threads, exceptions, modules } = theirs;
    expect(facts).toEqual({ threads, exceptions, modules });
  });

  test.runIf(existsSync('/usr/bin/gdb'))('gdb opens it', async () => {
    const core = await ours('heap', 'clone').catch(() => path.join(folder.path, 'heap-clone/dump.core'));
    const { stdout } = await run('gdb', [
      '-batch',
      '-nx',
      '-ex',
      'info threads',
      '-ex',
      'info sharedlibrary',
      '/usr/bin/dotnet',
      core,
    ]);
    expect(stdout.match(/Thread 0x|LWP \d+/g)?.length).toBeGreaterThan(20);
    expect(stdout).toMatch(/Yes.*libcoreclr\.so/);
  });

  test.runIf(existsSync('/usr/bin/lldb'))('lldb opens it', async () => {
    const core = path.join(folder.path, 'heap-clone/dump.core');
    const { stdout } = await run('lldb', [
      '--batch',
      '--no-lldbinit',
      '--core',
      core,
      '-o',
      'thread list',
      '-o',
      'image list',
    ]);
    expect(stdout.match(/thread #\d+/g)?.length).toBeGreaterThan(20);
    expect(stdout).toContain('libcoreclr.so');
  });
});
