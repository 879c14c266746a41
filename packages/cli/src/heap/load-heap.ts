import { existsSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type HeapFile, openHeapFile, readGcdump } from '@firstchance/heap';
import { readCaptureDetail } from '@firstchance/manifest';
import { UsageError } from '@firstchance/model';
import type { CliContext } from '../ports.ts';
import { graphOfDump } from './graph-of-dump.ts';

/** What a file is by its first bytes: never by its name, which anybody may change. */
const KINDS: readonly (readonly ['heap' | 'gcdump' | 'core', string])[] = [
  ['heap', 'FCHEAP'],
  ['gcdump', '\u0014\0\0\0!FastSerialization'],
  ['core', '\u007fELF'],
  // A zstd frame.
  ['core', '\u0028\u00b5\u002f\u00fd'],
];
const LONGEST_MAGIC = 24;

/**
 * The graph of a heap from heap.fch, a .gcdump, a core dump (the engine then makes the graph, in a private folder that is gone
 * afterwards), or a capture's folder with one of them.
 * @throws UsageError for what is none of them
 */
export async function loadHeap(context: CliContext, given: string): Promise<HeapFile> {
  const path = inFolder(resolve(context.folder, given), given);
  switch (await kindOf(path)) {
    case 'heap':
      return openHeapFile(path);
    case 'gcdump':
      return readGcdump(path);
    case 'core':
      return graphOfCore(context, path);
    default:
      throw new UsageError(`${given} is no heap.fch, no .gcdump and no core dump`);
  }
}

function inFolder(path: string, given: string): string {
  if (!existsSync(path)) throw new UsageError(`there is no file or folder ${given}`);
  if (!statSync(path).isDirectory()) return path;
  const found = ['heap.fch', 'dump.core.zst', 'dump.core'].map((name) => join(path, name)).find(existsSync);
  if (found === undefined)
    throw new UsageError(`${given} holds no heap.fch and no dump; give a file or a capture's folder`);
  return found;
}

async function kindOf(path: string): Promise<'heap' | 'gcdump' | 'core' | undefined> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(LONGEST_MAGIC), 0, LONGEST_MAGIC, 0);
    const start = buffer.toString('latin1', 0, bytesRead);
    return KINDS.find(([, magic]) => start.startsWith(magic))?.[0];
  } finally {
    await file.close();
  }
}

/**
 * When a dump was taken and of which program stands beside it; a core knows less, and the graph that was just made of it "now".
 */
async function graphOfCore(context: CliContext, path: string): Promise<HeapFile> {
  await using engine = await context.ports.openEngine();
  const heap = await graphOfDump(engine, path);
  const capture = readCaptureDetail(dirname(path));
  const { time, process } = typeof capture === 'string' ? { time: '', process: heap.meta.process } : capture.value;
  return { ...heap, meta: { ...heap.meta, time, process: { ...heap.meta.process, ...process } } };
}
