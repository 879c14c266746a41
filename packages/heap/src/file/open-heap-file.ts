import type { HeapFileError } from '../errors.ts';
import { type HeapFile, NO_NODE, type Unreachable } from '../graph/heap.ts';
import { Columns } from './columns.ts';
import { HEADER_BYTES } from './layout.ts';
import { parseMeta } from './meta.ts';
import { nativeOf } from './native.ts';
import { openRegular, readWhole } from './read-bytes.ts';
import { checkHeader, type Refuse, readSections, refuser } from './sections.ts';
import { readTypes, Texts } from './texts.ts';
import { checkIndexes, checkRuns } from './validate.ts';

/**
 * Reads heap.fch into memory and checks every index and size in it, so that no reader of the result has to. The arrays lie in one
 * buffer, as in the file. The only limit on the file's size is memory.
 * @throws HeapFileError
 */
export async function openHeapFile(path: string): Promise<HeapFile> {
  const { handle, size } = await openRegular(path);
  try {
    const header = new Uint8Array(await readWhole(handle, path, Math.min(size, HEADER_BYTES)));
    const refuse = refuser(path);
    const length = checkHeader(header, size, refuse);
    return heapOf(await readWhole(handle, path, length), refuse);
  } finally {
    await handle.close();
  }
}

/** The same from bytes in memory; `name` is for messages. @throws HeapFileError */
export function parseHeapFile(buffer: ArrayBuffer, name: string): HeapFile {
  const refuse = refuser(name);
  const header = new Uint8Array(buffer, 0, Math.min(buffer.byteLength, HEADER_BYTES));
  const length = checkHeader(header, buffer.byteLength, refuse);
  return heapOf(length === buffer.byteLength ? buffer : buffer.slice(0, length), refuse);
}

function heapOf(buffer: ArrayBuffer, refuse: Refuse): HeapFile {
  const columns = new Columns(buffer, readSections(buffer, refuse), refuse);
  const texts = new Texts(columns.bytes('strings'), refuse);
  const types = readTypes(columns.words('types', 5), texts);
  const address = columns.wide('address');
  const nodeCount = address.length;
  const meta = metaOf(columns, refuse);
  const heap = {
    meta,
    types,
    methodTables: columns.wide('methodTables', types.length),
    nodeCount,
    address,
    type: columns.words('type', 1, nodeCount),
    size8: columns.words('size8', 1, nodeCount),
    firstEdge: columns.words('firstEdge', 1, nodeCount + 1),
    edges: columns.words('edges'),
    roots: rootsOf(columns, texts),
    dominators: dominatorsOf(columns, nodeCount, refuse),
    unreachable: unreachableOf(columns, types.length, refuse),
    native: nativeOf(columns, meta, nodeCount, refuse),
  };
  if (!address.fits() || !address.ascends()) throw damaged(refuse, 'section "address" does not ascend');
  checkIndexes(heap.type, types.length, 'type', refuse);
  checkRuns(heap.firstEdge, heap.edges.length, refuse);
  checkIndexes(heap.edges, nodeCount, 'edges', refuse);
  checkIndexes(heap.roots.node, nodeCount, 'rootNode', refuse);
  // Paths number nodes and roots together.
  if (nodeCount + heap.roots.node.length >= NO_NODE)
    throw refuse('heap-file-too-large', 'it has more objects and roots than 32 bits can number');
  return heap;
}

function metaOf(columns: Columns, refuse: Refuse) {
  const parsed = parseMeta(columns.bytes('meta'));
  if (!parsed.ok) throw damaged(refuse, `section "meta" cannot be read (${parsed.problem})`);
  return parsed.value;
}

function rootsOf(columns: Columns, texts: Texts) {
  const node = columns.words('rootNode');
  const kind = columns.bytes('rootKind', node.length);
  const names = columns.words('rootName', 2, node.length);
  for (let at = 0; at < names.length; at += 2) texts.check(names[at] ?? 0, names[at + 1] ?? 0);
  return { node, kind, name: (root: number) => texts.at(names[2 * root] ?? 0, names[2 * root + 1] ?? 0) };
}

function dominatorsOf(columns: Columns, nodeCount: number, refuse: Refuse) {
  if (!columns.has('idom') && !columns.has('retained')) return null;
  const idom = columns.words('idom', 1, nodeCount);
  const retained = columns.wide('retained', nodeCount);
  checkIndexes(idom, nodeCount, 'idom', refuse, NO_NODE);
  if (!retained.fits()) throw damaged(refuse, 'section "retained" holds impossible sizes');
  return { idom, retained };
}

function unreachableOf(columns: Columns, types: number, refuse: Refuse): Unreachable[] {
  if (!columns.has('unreachable')) return [];
  const words = columns.words('unreachable', 6);
  const result: Unreachable[] = [];
  for (let at = 0; at < words.length; at += 6) {
    const [type = 0, , lowCount = 0, highCount = 0, lowBytes = 0, highBytes = 0] = words.subarray(at, at + 6);
    if (type >= types) throw damaged(refuse, `section "unreachable" refers to type ${type} of ${types}`);
    result.push({ type, instances: highCount * 2 ** 32 + lowCount, bytes: highBytes * 2 ** 32 + lowBytes });
  }
  return result;
}

function damaged(refuse: Refuse, why: string): HeapFileError {
  return refuse('heap-file-damaged', why);
}
