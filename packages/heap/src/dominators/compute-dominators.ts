import { type HeapFile, NO_NODE } from '../graph/heap.ts';
import { reverseEdges } from '../graph/reverse-edges.ts';
import { Uint64Column } from '../graph/uint64-column.ts';
import { type DepthFirst, depthFirst } from './depth-first.ts';
import { LinkedForest } from './linked-forest.ts';

export type DominatedHeap = HeapFile & { readonly dominators: NonNullable<HeapFile['dominators']> };

const cache = new WeakMap<HeapFile, DominatedHeap>();

/** The heap itself when it has dominators, else one with them computed; the same one each time. */
export function withDominators(heap: HeapFile): DominatedHeap {
  const { dominators } = heap;
  if (dominators) return heap as DominatedHeap;
  const known = cache.get(heap) ?? { ...heap, dominators: computeDominators(heap) };
  cache.set(heap, known);
  return known;
}

/**
 * Immediate dominators after Lengauer and Tarjan (A fast algorithm for finding dominators in a flowgraph, 1979; the simple
 * linking) over preorder numbers, and retained sizes. Number 0 is all roots together. No recursion: a linked list may be millions
 * of nodes deep; and no walk up the tree per node (as semi-NCA has), which is quadratic when the nodes of such a list refer to
 * objects that are held elsewhere too.
 */
export function computeDominators(heap: HeapFile): NonNullable<HeapFile['dominators']> {
  const { order, reached, ...numbering } = depthFirst(heap);
  const dominator = dominatorNumbers(heap, { order, reached, ...numbering });
  const retained = new Float64Array(reached + 1);
  for (let number = 1; number <= reached; number++) retained[number] = (heap.size8[order[number] ?? 0] ?? 0) * 8;
  const idom = new Uint32Array(heap.nodeCount).fill(NO_NODE);
  // What no root reaches holds itself.
  const bytes = Float64Array.from(heap.size8, (size) => size * 8);
  for (let number = reached; number > 0; number--) {
    const above = dominator[number] ?? 0;
    retained[above] = (retained[above] ?? 0) + (retained[number] ?? 0);
    const node = order[number] ?? 0;
    bytes[node] = retained[number] ?? 0;
    if (above > 0) idom[node] = order[above] ?? 0;
  }
  return { idom, retained: Uint64Column.of(bytes) };
}

/** The immediate dominator's number of each number. */
function dominatorNumbers(heap: HeapFile, { order, numberOf, parent, reached }: DepthFirst): Uint32Array {
  const { first, from } = reverseEdges(heap);
  const semi = new Uint32Array(reached + 1);
  for (let number = 0; number <= reached; number++) semi[number] = number;
  const forest = new LinkedForest(semi);
  const dominator = new Uint32Array(reached + 1);
  /** Numbers with the same semidominator, as lists; 0 ends one. */
  const bucket = new Uint32Array(reached + 1);
  const nextInBucket = new Uint32Array(reached + 1);
  const isRoot = new Uint8Array(reached + 1);
  for (const node of heap.roots.node) isRoot[numberOf[node] ?? 0] = 1;

  for (let number = reached; number > 0; number--) {
    const above = parent[number] ?? 0;
    let best = isRoot[number] === 1 ? 0 : above;
    const node = order[number] ?? 0;
    const end = first[node + 1] ?? 0;
    for (let edge = first[node] ?? 0; edge < end; edge++) {
      const referrer = numberOf[from[edge] ?? 0] ?? 0;
      if (referrer === 0) continue;
      const candidate = semi[forest.least(referrer)] ?? 0;
      if (candidate < best) best = candidate;
    }
    semi[number] = best;
    nextInBucket[number] = bucket[best] ?? 0;
    bucket[best] = number;
    forest.link(number, above);
    for (let waiting = bucket[above] ?? 0; waiting !== 0; waiting = nextInBucket[waiting] ?? 0) {
      const least = forest.least(waiting);
      dominator[waiting] = (semi[least] ?? 0) < (semi[waiting] ?? 0) ? least : above;
    }
    bucket[above] = 0;
  }
  for (let number = 1; number <= reached; number++) {
    const found = dominator[number] ?? 0;
    if (found !== semi[number]) dominator[number] = dominator[found] ?? 0;
  }
  return dominator;
}
