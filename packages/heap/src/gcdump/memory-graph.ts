import type { Refuse } from '../file/sections.ts';
import { Uint64Column } from '../graph/uint64-column.ts';
import type { StreamReader } from './stream-reader.ts';

/** The graph as the file has it: nodes in no order, roots as nodes of their own. */
export interface MemoryGraph {
  readonly root: number;
  readonly types: readonly { readonly name: string; readonly size: number; readonly module: string }[];
  /** Where each node begins in the blob. */
  readonly offsets: Uint32Array;
  /** Per node: type and own-size flag, size, number of children, children relative to the node; compressed. */
  readonly blob: Uint8Array;
  readonly addresses: Uint64Column;
}

export function readMemoryGraph(reader: StreamReader, buffer: ArrayBuffer, refuse: Refuse): MemoryGraph {
  reader.long('the total size');
  const root = reader.int('the root');
  const typeCount = reader.count(12, 'types');
  const types = Array.from({ length: typeCount }, () => ({
    name: reader.text('a type'),
    size: reader.int('a type'),
    module: reader.text('a module'),
  }));
  const nodeCount = reader.count(4, 'nodes');
  // The file aligns nothing: numbers are copied to where they can be used.
  const offsets = words(buffer, reader.take(4 * nodeCount, 'the nodes'), nodeCount);
  const blobLength = reader.count(1, 'bytes of nodes');
  const blob = new Uint8Array(buffer, reader.take(blobLength, 'the nodes'), blobLength);
  const addressCount = reader.count(8, 'addresses');
  if (addressCount !== nodeCount)
    throw refuse('heap-file-damaged', `it has ${nodeCount} nodes and ${addressCount} addresses`);
  const addresses = new Uint64Column(words(buffer, reader.take(8 * nodeCount, 'the addresses'), 2 * nodeCount));
  if (!addresses.fits()) throw refuse('heap-file-damaged', 'it has impossible addresses');
  if (root < 0 || root >= nodeCount) throw refuse('heap-file-damaged', `its root is node ${root} of ${nodeCount}`);
  for (const offset of offsets)
    if (offset >= blobLength) throw refuse('heap-file-damaged', `a node begins at ${offset} of ${blobLength} bytes`);
  return { root, types, offsets, blob, addresses };
}

function words(buffer: ArrayBuffer, start: number, count: number): Uint32Array {
  const result = new Uint32Array(count);
  new Uint8Array(result.buffer).set(new Uint8Array(buffer, start, 4 * count));
  return result;
}
