import type { HeapMeta } from '../file/meta.ts';
import { openRegular, readWhole } from '../file/read-bytes.ts';
import { refuser } from '../file/sections.ts';
import type { HeapFile } from '../graph/heap.ts';
import { DUMP_TYPE, GRAPH_TYPE, SIGNATURE, TAG, TICKS_PER_MS, UNIX_TICKS } from './format.ts';
import { graphToHeap } from './graph-to-heap.ts';
import { readMemoryGraph } from './memory-graph.ts';
import { StreamReader } from './stream-reader.ts';

/**
 * Reads a .gcdump of dotnet-gcdump, PerfView or ours. It knows no MethodTables, dead objects or dominators.
 * @throws HeapFileError
 */
export async function readGcdump(path: string): Promise<HeapFile> {
  const { handle, size } = await openRegular(path);
  try {
    return parseGcdump(await readWhole(handle, path, size), path);
  } finally {
    await handle.close();
  }
}

/** The same from bytes in memory; `name` is for messages. @throws HeapFileError */
export function parseGcdump(buffer: ArrayBuffer, name: string): HeapFile {
  const refuse = refuser(name);
  const reader = new StreamReader(buffer, refuse);
  if (!hasSignature(reader)) throw refuse('heap-file-unknown', 'it is no .gcdump');
  if (reader.begin('the dump') !== DUMP_TYPE.name) throw refuse('heap-file-unknown', 'it holds no heap dump');
  const type = reader.begin('the graph');
  if (type !== GRAPH_TYPE.name) throw refuse('heap-file-damaged', `its graph is "${type ?? 'nothing'}"`);
  const graph = readMemoryGraph(reader, buffer, refuse);
  skipToEndOfGraph(reader);
  return graphToHeap(graph, readMeta(reader), refuse);
}

function hasSignature(reader: StreamReader): boolean {
  return (
    reader.left > SIGNATURE.length + 4 && reader.int('the signature') === SIGNATURE.length && takeSignature(reader)
  );
}

function takeSignature(reader: StreamReader): boolean {
  return [...SIGNATURE].every((character) => reader.byte('the signature') === character.charCodeAt(0));
}

/** "Is 64 bit", a tagged byte which older writers lack, then the end of the object. */
function skipToEndOfGraph(reader: StreamReader): void {
  const tag = reader.byte('the end of the graph');
  if (tag === TAG.endObject) return;
  if (tag !== TAG.byte) throw reader.unexpected('the end of the graph', tag);
  reader.byte('the end of the graph');
  reader.expect(TAG.endObject, 'the end of the graph');
}

/** What the file says about the process. Heap infos of other tools cannot be skipped: then nothing behind them is known. */
function readMeta(reader: StreamReader): HeapMeta {
  reader.byte('the word size');
  const scaled = Math.max(1, reader.float('the multiplier') || 1);
  reader.float('the multiplier');
  const known = reader.begin('the first heap info') === undefined && reader.begin('the second heap info') === undefined;
  const notes = [
    ...(scaled === 1 ? [] : [`the graph is a sample: there were ${scaled.toFixed(1)} times as many objects`]),
    ...(known ? [] : ['what the file says about the process could not be read']),
  ];
  const facts = known ? readProcess(reader) : { time: '', name: '', pid: 0 };
  return {
    ...{ time: facts.time, pid: facts.pid },
    process: { name: facts.name, commandLine: [], runtime: null, architecture: null },
    ...{ complete: scaled === 1, why: scaled === 1 ? '' : 'it is a sample', notes },
  };
}

function readProcess(reader: StreamReader) {
  reader.text('the log');
  const ms = Number((reader.long('the time') - UNIX_TICKS) / TICKS_PER_MS);
  // A writer that does not know leaves the year 1.
  const time = ms > 0 && ms < 8.64e15 ? new Date(ms).toISOString() : '';
  reader.text('the machine');
  const name = reader.text('the process');
  return { time, name, pid: reader.int('the process id') };
}
