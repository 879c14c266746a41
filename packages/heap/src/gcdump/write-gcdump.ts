import { type FileHandle, open, rm } from 'node:fs/promises';
import { errorText } from '@firstchance/model';
import { HeapFileError } from '../errors.ts';
import type { HeapFile } from '../graph/heap.ts';
import { DUMP_TYPE, GRAPH_TYPE, SIGNATURE, TAG, TICKS_PER_MS, UNIX_TICKS } from './format.ts';
import { encodeGraph } from './heap-to-graph.ts';
import { StreamWriter } from './stream-writer.ts';

/** Offsets at the end of the file have 32 bits. */
const LONGEST_FILE = 2 ** 32 - 1;

/**
 * Writes the graph as .gcdump, for PerfView, Visual Studio and `dotnet-gcdump report`: all nodes, however many; what the format
 * cannot number is refused. Readable by its owner only; a file that could not be finished is removed.
 * @throws HeapFileError
 */
export async function writeGcdump(path: string, heap: HeapFile): Promise<void> {
  const parts = gcdumpParts(heap, path);
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'wx', 0o600);
    for (const part of parts)
      for (
        let done = 0;
        done < part.length;
        done += (await file.write(part, done, Math.min(2 ** 26, part.length - done))).bytesWritten
      );
    await file.close();
  } catch (cause) {
    await file?.close().catch(() => undefined);
    if (file) await rm(path, { force: true });
    const why = errorText(cause);
    throw new HeapFileError({ code: 'heap-file-unreadable', what: `Writing ${path}`, why }, { cause });
  }
}

/** The file's bytes in pieces: the large ones are arrays as they lie in memory. @throws HeapFileError */
export function gcdumpParts(heap: HeapFile, path: string): Uint8Array[] {
  const { types, offsets, blob, addresses, root, totalBytes, clipped } = encodeGraph(heap, path);
  const head = new StreamWriter();
  head.text(SIGNATURE);
  head.begin(DUMP_TYPE);
  head.begin(GRAPH_TYPE);
  head.long(BigInt(totalBytes));
  head.int(root);
  head.int(types.length);
  for (const { name, size, module } of types) {
    head.text(name);
    head.int(size);
    head.text(module);
  }
  head.int(offsets.length);
  const blobLength = new StreamWriter();
  blobLength.int(blob.length);
  const addressCount = new StreamWriter();
  addressCount.int(offsets.length);
  const before = [head.bytes(), bytesOf(offsets), blobLength.bytes(), blob, addressCount.bytes(), bytesOf(addresses)];
  const written = before.reduce((sum, part) => sum + part.length, 0);
  const tail = tailOf(heap, written, clipped);
  if (written + tail.length > LONGEST_FILE)
    throw new HeapFileError({
      ...{ code: 'heap-file-too-large', what: `Writing ${path}` },
      why: `${offsets.length} nodes do not fit into a .gcdump`,
    });
  return [...before, tail];
}

function tailOf({ meta }: HeapFile, start: number, clipped: number): Uint8Array {
  const tail = new StreamWriter();
  tail.taggedBool(true);
  tail.tag(TAG.endObject);
  tail.byte(1);
  tail.float(1);
  tail.float(1);
  tail.tag(TAG.nullReference);
  tail.tag(TAG.nullReference);
  const log = [
    ...(meta.complete ? [] : [`The heap was not read completely: ${meta.why}`]),
    ...(clipped > 0 ? [`${clipped} objects of more than 2 GB are written as 2 GB`] : []),
    ...meta.notes,
  ];
  tail.text(log.join('\n'));
  const ms = Date.parse(meta.time);
  tail.long(Number.isNaN(ms) ? UNIX_TICKS : BigInt(ms) * TICKS_PER_MS + UNIX_TICKS);
  tail.text('');
  tail.text(meta.process.name);
  tail.int(meta.pid);
  tail.long(0n);
  tail.long(0n);
  tail.int(0);
  // Tagged fields may be left out: no interop information, then who wrote it.
  tail.tag(TAG.string);
  tail.text('firstchance');
  tail.tag(TAG.endObject);
  // End of objects, an empty table of forward references, where that is, and where this is told.
  tail.tag(TAG.endObject);
  const table = start + tail.length;
  tail.int(0);
  const trailer = start + tail.length;
  tail.int(table);
  tail.int(trailer);
  return tail.bytes();
}

function bytesOf(words: Uint32Array | Uint8Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}
