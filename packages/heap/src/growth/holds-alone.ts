import { type HeapFile, NO_NODE, ROOT_KINDS, typeOf } from '../graph/heap.ts';
import { reverseEdges } from '../graph/reverse-edges.ts';

/** Objects above one that are looked at; of more it is not said that one of them holds it alone. */
const MOST_ABOVE = 200_000;

/**
 * Whether all ways to an object lead through one of this type; true where that is not known. Ways from a thread's stack do not
 * count: a method that runs for long, like Main in code that is not optimised, has references to what it once used.
 */
export function holdsAlone(heap: HeapFile, type: string, object: number): boolean {
  if (!heap.dominators) return true;
  const { idom } = heap.dominators;
  for (let node = idom[object] ?? NO_NODE; node !== NO_NODE; node = idom[node] ?? NO_NODE)
    if (typeOf(heap, node).name === type) return true;
  return !isHeldWithout(heap, type, object);
}

/** Whether a root other than a stack leads to the object when those of the type are left out. */
function isHeldWithout(heap: HeapFile, type: string, object: number): boolean {
  const { node: rooted, kind } = heap.roots;
  const roots = new Set(rooted.filter((_, root) => ROOT_KINDS[kind[root] ?? 0] !== 'stack'));
  const { first, from } = reverseEdges(heap);
  const seen = new Set([object]);
  // A set is walked in the order in which it is added to.
  for (const node of seen) {
    if (roots.has(node) || seen.size > MOST_ABOVE) return true;
    for (let edge = first[node] ?? 0; edge < (first[node + 1] ?? 0); edge++) {
      const above = from[edge] ?? 0;
      if (typeOf(heap, above).name !== type) seen.add(above);
    }
  }
  return false;
}
