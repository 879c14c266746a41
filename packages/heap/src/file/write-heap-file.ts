import { type FileHandle, open, rm } from 'node:fs/promises';
import { errorText } from '@firstchance/model';
import { HeapFileError } from '../errors.ts';
import type { HeapFile } from '../graph/heap.ts';
import {
  ENTRY_BYTES,
  HEADER_BYTES,
  MAGIC,
  SECTIONS,
  type SectionName,
  TYPE_IS_ARRAY,
  TYPE_IS_STRING,
  VERSION,
} from './layout.ts';
import type { HeapMeta } from './meta.ts';
import { nativeWords } from './native.ts';

/** One write of Node takes at most 2^31 - 1 bytes. */
const PART = 64 * 2 ** 20;

/** Writes heap.fch, readable by its owner only; a file that could not be finished is removed. @throws HeapFileError */
export async function writeHeapFile(path: string, heap: HeapFile): Promise<void> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'wx', 0o600);
    const sections = sectionsOf(heap);
    await writeAll(file, headerOf(sections), 0);
    for (const { bytes, offset } of sections) await writeAll(file, bytes, offset);
    const end = sections.at(-1);
    if (end) await file.truncate(end.offset + roundUp(end.bytes.length));
    await file.close();
  } catch (cause) {
    await file?.close().catch(() => undefined);
    if (file) await rm(path, { force: true });
    const why = errorText(cause);
    throw new HeapFileError({ code: 'heap-file-unreadable', what: `Writing ${path}`, why }, { cause });
  }
}

/** The file as bytes, for heaps that are small. */
export function heapFileBytes(heap: HeapFile): ArrayBuffer {
  const sections = sectionsOf(heap);
  const end = sections.at(-1);
  const result = new Uint8Array(end ? end.offset + roundUp(end.bytes.length) : 0);
  result.set(headerOf(sections));
  for (const { bytes, offset } of sections) result.set(bytes, offset);
  return result.buffer;
}

interface WrittenSection {
  readonly name: SectionName;
  readonly bytes: Uint8Array;
  readonly offset: number;
}

function sectionsOf(heap: HeapFile): WrittenSection[] {
  const strings = new StringTable();
  const types = Uint32Array.from(
    heap.types.flatMap(({ name, module, isArray, isString }) => [
      ...strings.place(name),
      ...strings.place(module),
      (isArray ? TYPE_IS_ARRAY : 0) | (isString ? TYPE_IS_STRING : 0),
    ]),
  );
  const { roots, dominators } = heap;
  const rootNames = new Uint32Array(roots.node.length * 2);
  for (let root = 0; root < roots.node.length; root++) rootNames.set(strings.place(roots.name(root)), 2 * root);
  const unreachable = new Uint32Array(heap.unreachable.length * 6);
  heap.unreachable.forEach(({ type, instances, bytes }, index) => {
    const words = [type, 0, instances % 2 ** 32, instances / 2 ** 32, bytes % 2 ** 32, bytes / 2 ** 32];
    unreachable.set(words, index * 6);
  });
  const contents: [SectionName, Uint8Array][] = [
    ['meta', new TextEncoder().encode(JSON.stringify(metaOf(heap)))],
    ['strings', strings.bytes()],
    ['types', bytesOf(types)],
    ['methodTables', heap.methodTables.bytes()],
    ['address', heap.address.bytes()],
    ['type', bytesOf(heap.type)],
    ['size8', bytesOf(heap.size8)],
    ['firstEdge', bytesOf(heap.firstEdge)],
    ['edges', bytesOf(heap.edges)],
    ['rootNode', bytesOf(roots.node)],
    ['rootKind', roots.kind],
    ['rootName', bytesOf(rootNames)],
  ];
  if (dominators) contents.push(['idom', bytesOf(dominators.idom)], ['retained', dominators.retained.bytes()]);
  contents.push(['unreachable', bytesOf(unreachable)]);
  if (heap.native) contents.push(['native', bytesOf(nativeWords(heap.native))]);
  let next = roundUp(HEADER_BYTES + contents.length * ENTRY_BYTES);
  return contents.map(([name, bytes]) => {
    const offset = next;
    next = roundUp(offset + bytes.length);
    return { name, bytes, offset };
  });
}

/** What the file says of native memory is there when, and only when, its section is. */
function metaOf({ meta, native }: HeapFile): HeapMeta {
  const { native: _stale, ...rest } = meta;
  return native ? { ...rest, native: { why: native.why, ...native.totals } } : rest;
}

function headerOf(sections: readonly WrittenSection[]): Uint8Array {
  const header = new Uint8Array(HEADER_BYTES + sections.length * ENTRY_BYTES);
  const view = new DataView(header.buffer);
  header.set(MAGIC);
  view.setUint32(8, VERSION, true);
  view.setUint32(12, sections.length, true);
  const end = sections.at(-1);
  view.setBigUint64(16, BigInt(end ? end.offset + roundUp(end.bytes.length) : header.length), true);
  sections.forEach(({ name, bytes, offset }, index) => {
    const at = HEADER_BYTES + index * ENTRY_BYTES;
    const { id, elementBytes } = SECTIONS[name];
    view.setUint32(at, id, true);
    view.setUint32(at + 4, elementBytes, true);
    view.setBigUint64(at + 8, BigInt(offset), true);
    view.setBigUint64(at + 16, BigInt(bytes.length / elementBytes), true);
  });
  return header;
}

/** Each text once. */
class StringTable {
  readonly #places = new Map<string, [offset: number, length: number]>();
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  place(text: string): [offset: number, length: number] {
    if (text === '') return [0, 0];
    const known = this.#places.get(text);
    if (known) return known;
    const bytes = new TextEncoder().encode(text);
    const place: [number, number] = [this.#length, bytes.length];
    this.#places.set(text, place);
    this.#parts.push(bytes);
    this.#length += bytes.length;
    return place;
  }

  bytes(): Uint8Array {
    return new Uint8Array(Buffer.concat(this.#parts));
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, Math.min(PART, bytes.length - done), position + done);
    done += bytesWritten;
  }
}

function bytesOf(words: Uint32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}

function roundUp(offset: number): number {
  return Math.ceil(offset / 8) * 8;
}
