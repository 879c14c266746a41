import type { HeapFile } from './heap.ts';

/** Referrers of node n: from[first[n] … first[n + 1]), with duplicates. */
export interface ReverseEdges {
  readonly first: Uint32Array;
  readonly from: Uint32Array;
}

const cache = new WeakMap<HeapFile, ReverseEdges>();

/** Who refers to whom, made when it is first asked for: counting sort, 4 bytes per node and per edge. */
export function reverseEdges(heap: HeapFile): ReverseEdges {
  const known = cache.get(heap);
  if (known) return known;
  const { nodeCount, firstEdge, edges } = heap;
  const next = new Uint32Array(nodeCount + 1);
  for (let edge = 0; edge < edges.length; edge++) {
    const to = edges[edge] ?? 0;
    next[to] = (next[to] ?? 0) + 1;
  }
  let sum = 0;
  for (let node = 0; node <= nodeCount; node++) {
    const count = next[node] ?? 0;
    next[node] = sum;
    sum += count;
  }
  const first = next.slice();
  const from = new Uint32Array(edges.length);
  for (let node = 0; node < nodeCount; node++) {
    const end = firstEdge[node + 1] ?? 0;
    for (let edge = firstEdge[node] ?? 0; edge < end; edge++) {
      const to = edges[edge] ?? 0;
      const place = next[to] ?? 0;
      from[place] = node;
      next[to] = place + 1;
    }
  }
  const result = { first, from };
  cache.set(heap, result);
  return result;
}

/** The distinct nodes that refer to a node. */
export function referrers(heap: HeapFile, node: number): number[] {
  const { first, from } = reverseEdges(heap);
  return [...new Set(from.subarray(first[node], first[node + 1]))];
}
