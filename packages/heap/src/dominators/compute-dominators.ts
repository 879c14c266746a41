import { type HeapFile, NO_NODE } from '../graph/heap.ts';
import { reverseEdges } from '../graph/reverse-edges.ts';
import { Uint64Column } from '../graph/uint64-column.ts';
import { depthFirst } from './depth-first.ts';

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
 * Immediate dominators by semi-NCA (Georgiadis, Tarjan: Finding dominators revisited, 2004) over preorder numbers, and retained
 * sizes. Number 0 is all roots together. No recursion: a linked list may be millions of nodes deep.
 */
export function computeDominators(heap: HeapFile): NonNullable<HeapFile['dominators']> {
  const { order, numberOf, parent, reached } = depthFirst(heap);
  const semi = semidominators(heap, { order, numberOf, parent, reached });
  const dominator = parent;
  const retained = new Float64Array(reached + 1);
  for (let number = 1; number <= reached; number++) {
    retained[number] = (heap.size8[order[number] ?? 0] ?? 0) * 8;
    let candidate = dominator[number] ?? 0;
    while (candidate > (semi[number] ?? 0)) candidate = dominator[candidate] ?? 0;
    dominator[number] = candidate;
  }
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

type Numbering = ReturnType<typeof depthFirst>;

function semidominators(heap: HeapFile, { order, numberOf, parent, reached }: Numbering): Uint32Array {
  const { first, from } = reverseEdges(heap);
  const semi = Uint32Array.from({ length: reached + 1 }, (_value, index) => index);
  const label = semi.slice();
  const ancestor = new Uint32Array(reached + 1).fill(NO_NODE);
  const trail: number[] = [];
  const roots = new Uint8Array(reached + 1);
  for (const node of heap.roots.node) roots[numberOf[node] ?? 0] = 1;

  for (let number = reached; number > 0; number--) {
    let best = roots[number] === 1 ? 0 : (parent[number] ?? 0);
    const node = order[number] ?? 0;
    const end = first[node + 1] ?? 0;
    for (let edge = first[node] ?? 0; edge < end; edge++) {
      const referrer = numberOf[from[edge] ?? 0] ?? 0;
      if (referrer === 0) continue;
      const candidate = semi[evaluate(referrer)] ?? 0;
      if (candidate < best) best = candidate;
    }
    semi[number] = best;
    ancestor[number] = parent[number] ?? 0;
  }
  return semi;

  /** The number with the least semidominator between here and the top of the forest built so far; compresses the way. */
  function evaluate(number: number): number {
    if (ancestor[number] === NO_NODE) return number;
    let at = number;
    while (ancestor[ancestor[at] ?? 0] !== NO_NODE) {
      trail.push(at);
      at = ancestor[at] ?? 0;
    }
    for (let below = trail.pop(); below !== undefined; below = trail.pop()) {
      const above = ancestor[below] ?? 0;
      const aboveLabel = label[above] ?? 0;
      if ((semi[aboveLabel] ?? 0) < (semi[label[below] ?? 0] ?? 0)) label[below] = aboveLabel;
      ancestor[below] = ancestor[above] ?? 0;
    }
    return label[number] ?? 0;
  }
}
