import { HeapFileError } from '../errors.ts';
import { type HeapFile, rootKind, sizeOf } from '../graph/heap.ts';
import { intLength, putInt } from './compressed-int.ts';
import { kindNode, ROOT_NODE, variableNode } from './format.ts';

const MOST_BYTES = 2 ** 31 - 1;

interface RootNode {
  readonly type: number;
  readonly children: number[];
}

/** The heap as a .gcdump's nodes: objects keep their numbers, nodes for roots come behind them. */
export function encodeGraph(heap: HeapFile, path: string) {
  const types = heap.types.map(({ name, module }) => ({ name, module, size: -1 }));
  const rootNodes = makeRootNodes(heap, types);
  const count = heap.nodeCount + rootNodes.length;
  let totalBytes = 0;
  let clipped = 0;
  const sizes = new Int32Array(heap.nodeCount);
  for (let node = 0; node < heap.nodeCount; node++) {
    const bytes = sizeOf(heap, node);
    totalBytes += bytes;
    if (bytes > MOST_BYTES) clipped += 1;
    sizes[node] = Math.min(bytes, MOST_BYTES);
    const type = types[heap.type[node] ?? 0];
    if (type && type.size < 0) type.size = sizes[node] ?? 0;
  }
  // Twice over the same numbers: first to know how long the blob is, then to fill it.
  let length = 0;
  forEachNumber(heap, sizes, types, rootNodes, (value) => {
    length += intLength(value);
  });
  if (length > MOST_BYTES || count > MOST_BYTES)
    throw new HeapFileError({
      ...{ code: 'heap-file-too-large', what: `Writing ${path}` },
      why: `${count} nodes do not fit into a .gcdump, which holds 2 GB of them`,
      cure: 'Use the heap file itself.',
    });
  const blob = new Uint8Array(length);
  const offsets = new Uint32Array(count);
  let at = 0;
  forEachNumber(heap, sizes, types, rootNodes, (value, startOf) => {
    if (startOf >= 0) offsets[startOf] = at;
    at = putInt(blob, at, value);
  });
  const addresses = new Uint8Array(count * 8);
  addresses.set(heap.address.bytes());
  return { types, offsets, blob, addresses, root: count - 1, totalBytes, clipped };
}

/** All numbers of the blob in order; `startOf` is the node that begins with this one, else -1. */
function forEachNumber(
  heap: HeapFile,
  sizes: Int32Array,
  types: readonly { size: number }[],
  rootNodes: readonly RootNode[],
  take: (value: number, startOf: number) => void,
): void {
  for (let node = 0; node < heap.nodeCount; node++) {
    const type = heap.type[node] ?? 0;
    const size = sizes[node] ?? 0;
    const own = types[type]?.size !== size;
    take((type << 1) | (own ? 1 : 0), node);
    if (own) take(size, -1);
    const first = heap.firstEdge[node] ?? 0;
    const end = heap.firstEdge[node + 1] ?? 0;
    take(end - first, -1);
    for (let edge = first; edge < end; edge++) take((heap.edges[edge] ?? 0) - node, -1);
  }
  rootNodes.forEach(({ type, children }, index) => {
    const node = heap.nodeCount + index;
    take(type << 1, node);
    take(children.length, -1);
    for (const child of children) take(child - node, -1);
  });
}

/** Variables first, then kinds, last the top: each node's children stand before it. */
function makeRootNodes(heap: HeapFile, types: { name: string; module: string; size: number }[]): RootNode[] {
  const newType = (name: string) => types.push({ name, module: '', size: 0 }) - 1;
  const variables = new Map<string, { kind: string; name: string; children: number[] }>();
  const kinds = new Map<string, number[]>();
  for (let root = 0; root < heap.roots.node.length; root++) {
    const kind = kindNode(rootKind(heap, root));
    const below = kinds.get(kind) ?? [];
    kinds.set(kind, below);
    const name = heap.roots.name(root);
    if (name === '') below.push(heap.roots.node[root] ?? 0);
    else {
      const key = `${kind}${name}`;
      const variable = variables.get(key) ?? { kind, name: variableNode(name), children: [] };
      variable.children.push(heap.roots.node[root] ?? 0);
      variables.set(key, variable);
    }
  }
  const nodes: RootNode[] = [];
  for (const { kind, name, children } of variables.values()) {
    kinds.get(kind)?.push(heap.nodeCount + nodes.length);
    nodes.push({ type: newType(name), children });
  }
  const top: number[] = [];
  for (const [kind, children] of kinds) {
    top.push(heap.nodeCount + nodes.length);
    nodes.push({ type: newType(kind), children });
  }
  return [...nodes, { type: newType(ROOT_NODE), children: top }];
}
