import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { EngineProcess } from '@firstchance/engine';
import { openHeapFile, type TypeSize, typesBySize } from '@firstchance/heap';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixture, temporaryFolder } from '../support/firstchance.ts';
import { HeapTarget } from '../support/heap-target.ts';

const run = promisify(execFile);
const folderOf = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const heapFacts = folderOf('packages/engine/native/build/release/test/heap/heap_facts');

interface Facts {
  objects: number;
  references: number;
  types: Record<string, number>;
}

/** What our graph has of a process or a core. */
async function ours(what: string): Promise<Facts & { complete: boolean; reachable: number }> {
  const { stdout } = await run(heapFacts, [what], { maxBuffer: 2 ** 28 });
  return JSON.parse(stdout);
}

/** The same by ClrMD. */
async function theirs(what: string): Promise<Facts> {
  const args = [fixture('dump-reader'), what, '--parts', 'references'];
  const { stdout } = await run('dotnet', args, { maxBuffer: 2 ** 28 });
  const { references } = JSON.parse(stdout) as { references: Facts };
  return references;
}

const older = (framework: string) => [folderOf(`fixtures/heap/bin/${framework}/heap`)];
const server = { DOTNET_gcServer: '1', DOTNET_GCHeapCount: '2' };

/*
 * The proof of the graph: of the same process, in the same state, it has every object of every type and every reference that
 * ClrMD finds object by object. Bytes differ where ClrMD does not round up to what an object takes on the heap.
 */
describe.each<[string, readonly string[], NodeJS.ProcessEnv]>([
  ['.NET 10, workstation GC', ['dotnet', fixture('heap')], {}],
  ['.NET 10, server GC', ['dotnet', fixture('heap')], server],
  ['.NET 9, workstation GC', older('net9.0'), {}],
  ['.NET 9, server GC', older('net9.0'), server],
  ['.NET 8, workstation GC', older('net8.0'), {}],
  ['.NET 8, server GC', older('net8.0'), server],
])('the graph has what ClrMD finds: %s', (_, program, environment) => {
  let target: HeapTarget;
  let engine: EngineProcess;
  let folder: ReturnType<typeof temporaryFolder>;

  beforeAll(async () => {
    folder = temporaryFolder();
    // Without tiering no thread of the runtime compiles, allocates or ends between two looks.
    const env = { ...environment, DOTNET_TieredCompilation: '0' };
    target = await HeapTarget.start({ env }, program, ['--workers', '0']);
    engine = await EngineProcess.start();
  });
  afterAll(async () => {
    await engine[Symbol.asyncDispose]();
    await target.expectUnharmed();
    await target[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  function expectSame(graph: Facts & { complete: boolean }, clrmd: Facts) {
    expect(graph.complete).toBe(true);
    expect(graph.objects).toBeGreaterThan(100_000);
    expect(graph.objects).toBe(clrmd.objects);
    expect(graph.references).toBe(clrmd.references);
    expect(graph.types).toEqual(clrmd.types);
  }

  test('in a running process', async () => {
    const graph = await ours(String(target.pid));
    expectSame(graph, await theirs(String(target.pid)));
  });

  test('in a dump, and in the heap file made of it', async () => {
    const into = path.join(folder.path, 'dump');
    mkdirSync(into);
    await engine.take({ pid: target.pid, folder: into, dump: { kind: 'heap', compression: 'zstd' } });
    const packed = path.join(into, 'dump.core.zst');
    const plain = path.join(into, 'dump.core');
    await engine.unpackDump(packed, plain);
    const graph = await ours(plain);
    expectSame(graph, await theirs(plain));

    const file = path.join(into, 'heap.fch');
    await engine.heapGraph(packed, file);
    const heap = await openHeapFile(file);
    expect(heap.nodeCount).toBe(graph.reachable);
    const unreachable = heap.unreachable.map((type) => type.instances);
    expect(heap.nodeCount + unreachable.reduce((sum, count) => sum + count, 0)).toBe(graph.objects);
  });

  test('and the heap file of a census has what the census says', async () => {
    const into = path.join(folder.path, 'census');
    mkdirSync(into);
    const census = await engine.census({ pid: target.pid, graph: { folder: into } });
    const sizes: TypeSize[] = typesBySize(await openHeapFile(path.join(into, 'heap.fch')));
    expect(census.complete).toBe(true);
    expect(new Map(census.types.map((type) => [`${type.type} ${type.module}`, type.instances]))).toEqual(
      new Map(sizes.map((type) => [`${type.type} ${type.module}`, type.instances])),
    );
  });
});
