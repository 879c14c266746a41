import type { HeapMeta } from '../file/meta.ts';
import type { Refuse } from '../file/sections.ts';
import { type HeapFile, type HeapType, NO_NODE, ROOT_KINDS, type RootKind } from '../graph/heap.ts';
import { Uint64Column } from '../graph/uint64-column.ts';
import { IntReader } from './compressed-int.ts';
import { kindOfNode, variableOf } from './format.ts';
import type { MemoryGraph } from './memory-graph.ts';

/**
 * Objects in order of address. Nodes without an address are the tools' own, for roots: what they lead to from the top is a root.
 */
export function graphToHeap(graph: MemoryGraph, meta: HeapMeta, refuse: Refuse): HeapFile {
  const nodes = decodeNodes(graph, refuse);
  const order = byAddress(graph.addresses);
  const numberOf = new Uint32Array(graph.offsets.length).fill(NO_NODE);
  order.forEach((node, index) => {
    numberOf[node] = index;
  });
  for (let index = 1; index < order.length; index++)
    if (graph.addresses.at(order[index] ?? 0) === graph.addresses.at(order[index - 1] ?? 0))
      throw refuse('heap-file-damaged', 'two objects have one address');
  const firstEdge = new Uint32Array(order.length + 1);
  const edges = new Uint32Array(nodes.children.length);
  let next = 0;
  order.forEach((node, index) => {
    const end = nodes.firstChild[node + 1] ?? 0;
    for (let child = nodes.firstChild[node] ?? 0; child < end; child++) {
      const to = numberOf[nodes.children[child] ?? 0] ?? NO_NODE;
      if (to !== NO_NODE) edges[next++] = to;
    }
    firstEdge[index + 1] = next;
  });
  return {
    ...{ meta, types: graph.types.map(typeOf), methodTables: Uint64Column.of(graph.types.map(() => 0)) },
    nodeCount: order.length,
    address: Uint64Column.of(Float64Array.from(order, (node) => graph.addresses.at(node))),
    type: Uint32Array.from(order, (node) => nodes.type[node] ?? 0),
    size8: Uint32Array.from(order, (node) => Math.ceil((nodes.size[node] ?? 0) / 8)),
    ...{ firstEdge, edges: edges.subarray(0, next), roots: findRoots(graph, nodes, numberOf) },
    ...{ dominators: null, unreachable: [] },
  };
}

interface Nodes {
  readonly type: Uint32Array;
  /** Bytes. */
  readonly size: Uint32Array;
  readonly firstChild: Uint32Array;
  readonly children: Uint32Array;
}

function decodeNodes({ offsets, blob, types }: MemoryGraph, refuse: Refuse): Nodes {
  const count = offsets.length;
  const [type, size] = [new Uint32Array(count), new Uint32Array(count)];
  const firstChild = new Uint32Array(count + 1);
  // A child takes at least one byte, and no two nodes share any: more is a file that wants to be large.
  const children = new Uint32Array(blob.length);
  let next = 0;
  const reader = new IntReader(blob);
  for (let node = 0; node < count; node++) {
    reader.position = offsets[node] ?? 0;
    const typeAndFlag = reader.next();
    const index = typeAndFlag >> 1;
    const own = types[index];
    if (!own) throw refuse('heap-file-damaged', `node ${node} has type ${index} of ${types.length}`);
    type[node] = index;
    size[node] = Math.max(0, (typeAndFlag & 1) !== 0 ? reader.next() : own.size);
    const childCount = reader.next();
    if (childCount < 0 || next + childCount > blob.length || reader.overrun)
      throw refuse('heap-file-damaged', `node ${node} claims ${childCount} references`);
    for (let child = 0; child < childCount; child++) {
      const to = node + reader.next();
      if (to < 0 || to >= count) throw refuse('heap-file-damaged', `node ${node} refers to node ${to} of ${count}`);
      children[next++] = to;
    }
    if (reader.overrun) throw refuse('heap-file-damaged', `node ${node} leaves the file`);
    firstChild[node + 1] = next;
  }
  return { type, size, firstChild, children: children.subarray(0, next) };
}

/** Nodes with an address, ascending. */
function byAddress(addresses: Uint64Column): Uint32Array {
  const values = new Float64Array(addresses.length);
  let count = 0;
  let ascends = true;
  let previous = 0;
  const nodes = new Uint32Array(addresses.length);
  for (let node = 0; node < addresses.length; node++) {
    const address = addresses.at(node);
    values[node] = address;
    if (address === 0) continue;
    ascends &&= address > previous;
    previous = address;
    nodes[count++] = node;
  }
  const order = nodes.subarray(0, count);
  return ascends ? order : order.sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
}

function findRoots({ root, types }: MemoryGraph, nodes: Nodes, numberOf: Uint32Array): HeapFile['roots'] {
  const found: { node: number; kind: RootKind; name: string }[] = [];
  const seen = new Set<number>();
  const open: { node: number; kind: RootKind; name: string }[] = [{ node: root, kind: 'other', name: '' }];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const number = numberOf[at.node] ?? NO_NODE;
    if (number !== NO_NODE) {
      found.push({ ...at, node: number });
      continue;
    }
    if (seen.has(at.node)) continue;
    seen.add(at.node);
    const type = types[nodes.type[at.node] ?? 0]?.name ?? '';
    const below = rootBelow(type, at);
    const end = nodes.firstChild[at.node + 1] ?? 0;
    for (let child = nodes.firstChild[at.node] ?? 0; child < end; child++)
      open.push({ node: nodes.children[child] ?? 0, ...below });
  }
  return {
    node: Uint32Array.from(found, ({ node }) => node),
    kind: Uint8Array.from(found, ({ kind }) => ROOT_KINDS.lastIndexOf(kind)),
    name: (index) => found[index]?.name ?? '',
  };
}

/** What a node of the tools' own, a kind of root or a variable, says about the objects below it. */
function rootBelow(type: string, above: { kind: RootKind; name: string }): { kind: RootKind; name: string } {
  const variable = variableOf(type);
  if (variable === undefined) return { kind: kindOfNode(type) ?? above.kind, name: above.name };
  const kind = above.kind === 'thread static' ? above.kind : 'static';
  return { kind, name: `${kind} ${variable}` };
}

/** dotnet-gcdump makes types of large arrays and texts by size: "Shop.Session[] (Bytes > 10K)". */
const SIZE_CLASS = / \(Bytes > \d+[KMG]?\)$/;

function typeOf({ name: written, module }: { name: string; module: string }): HeapType {
  const name = written.replace(SIZE_CLASS, '');
  return { name, module, isArray: /\[[,*]*\]$/.test(name), isString: name === 'System.String' };
}
