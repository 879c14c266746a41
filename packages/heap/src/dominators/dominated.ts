import { type HeapFile, NO_NODE } from '../graph/heap.ts';

/** The dominator tree downwards: lists of children, ascending. Index nodeCount stands for all roots together. */
export interface Dominated {
  readonly firstChild: Uint32Array;
  readonly nextSibling: Uint32Array;
}

const cache = new WeakMap<Uint32Array, Dominated>();

export function dominated({ dominators, nodeCount }: HeapFile): Dominated | null {
  if (!dominators) return null;
  const { idom } = dominators;
  const known = cache.get(idom);
  if (known) return known;
  const firstChild = new Uint32Array(nodeCount + 1).fill(NO_NODE);
  const nextSibling = new Uint32Array(nodeCount);
  for (let node = nodeCount - 1; node >= 0; node--) {
    const above = idom[node] ?? NO_NODE;
    const place = above === NO_NODE ? nodeCount : above;
    nextSibling[node] = firstChild[place] ?? NO_NODE;
    firstChild[place] = node;
  }
  const result = { firstChild, nextSibling };
  cache.set(idom, result);
  return result;
}
