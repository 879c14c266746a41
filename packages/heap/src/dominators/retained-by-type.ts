import { type HeapFile, NO_NODE } from '../graph/heap.ts';
import { typeGroups } from '../graph/type-groups.ts';
import { dominated } from './dominated.ts';

export interface RetainedByType {
  /** Bytes that would go with all instances of a type, by group of typeGroups: what one instance holds of another counts once. */
  readonly bytes: Float64Array;
  /** 1 for nodes that another one of their type dominates. */
  readonly nested: Uint8Array;
}

const cache = new WeakMap<HeapFile, RetainedByType>();

/**
 * What types retain. Null without dominators. Walks the dominator tree from the top, so that a file whose dominators
 * form a ring is harmless.
 */
export function retainedByType(heap: HeapFile): RetainedByType | null {
  const known = cache.get(heap);
  if (known) return known;
  const tree = dominated(heap);
  if (!tree || !heap.dominators) return null;
  const { firstChild, nextSibling } = tree;
  const { idom, retained } = heap.dominators;
  const { groupOf, groups } = typeGroups(heap);
  const bytes = new Float64Array(groups.length);
  const nested = new Uint8Array(heap.nodeCount);
  /** How many instances of the group are above the place where the walk is. */
  const open = new Uint32Array(groups.length);
  let node = firstChild[heap.nodeCount] ?? NO_NODE;
  while (node !== NO_NODE) {
    const group = groupOf[heap.type[node] ?? 0] ?? 0;
    const above = open[group] ?? 0;
    if (above === 0) bytes[group] = (bytes[group] ?? 0) + retained.at(node);
    else nested[node] = 1;
    const child = firstChild[node] ?? NO_NODE;
    if (child !== NO_NODE) {
      open[group] = above + 1;
      node = child;
      continue;
    }
    node = nextUp(node);
  }
  const result = { bytes, nested };
  cache.set(heap, result);
  return result;

  /** The next sibling, else that of the nearest ancestor which has one; leaves those ancestors. */
  function nextUp(from: number): number {
    let at = from;
    while ((nextSibling[at] ?? NO_NODE) === NO_NODE) {
      at = idom[at] ?? NO_NODE;
      if (at === NO_NODE) return NO_NODE;
      const group = groupOf[heap.type[at] ?? 0] ?? 0;
      open[group] = (open[group] ?? 0) - 1;
    }
    return nextSibling[at] ?? NO_NODE;
  }
}
