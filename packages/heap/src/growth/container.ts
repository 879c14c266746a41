import { type HeapFile, typeOf } from '../graph/heap.ts';
import type { PathGroup } from '../paths/path-groups.ts';
import { rootPaths } from '../paths/root-paths.ts';
import { shapesOf } from '../paths/shapes.ts';
import { isArrayName, isCollection, isInvocationList } from './type-classes.ts';

/** Collections whose elements are nodes of their own: there is no array that grows. */
const LINKED =
  /^System\.Collections\.(Generic\.(LinkedList|SortedSet|SortedDictionary)|Concurrent\.Concurrent(Queue|Stack|Bag))(`\d+)?</;

/** A class within a collection: its nodes, tables, segments. */
const PART = /\+\w+$/;

/**
 * The collection (else the array) nearest to the objects of a path whose element count grew; null when none did. Elements are
 * counted as references: the graph has no fields. With several objects at one place the fullest one counts.
 * @param before the same path before, undefined when there was none
 * @param grown how many more objects there are
 */
export function grownContainer(
  after: { heap: HeapFile; nodes: ArrayLike<number>; path: PathGroup },
  before: { heap: HeapFile; nodes: ArrayLike<number>; path: PathGroup } | undefined,
  grown: number,
): string | null {
  const now = fullestArrays(after.heap, after.nodes, after.path);
  const then = before ? fullestArrays(before.heap, before.nodes, before.path) : new Map<number, number>();
  const { types } = after.path;
  for (let step = types.length - 1; step >= 0; step--) {
    const type = types[step] ?? '';
    const elements = now.get(step + 1) ?? 0;
    const earlier = then.get(step + 1);
    const grew = earlier === undefined ? elements >= Math.max(2, grown / 2) : elements > earlier;
    if (isArrayName(type) && grew) return owner(types, step);
    if (LINKED.test(type)) return type.replace(PART, '');
  }
  return null;
}

/** Most references of one array, by its place on the path (1: directly below the root). */
function fullestArrays(heap: HeapFile, nodes: ArrayLike<number>, path: PathGroup): Map<number, number> {
  const shapes = shapesOf(heap);
  const depths = new Map<number, number>();
  let depth = path.types.length;
  for (let shape: number | undefined = path.shape; shape !== undefined; shape = shapes.above(shape))
    depths.set(shape, depth--);
  const { parent } = rootPaths(heap);
  const seen = new Set<number>();
  const result = new Map<number, number>();
  for (let index = 0; index < nodes.length; index++) {
    if (shapes.of(nodes[index] ?? 0) !== path.shape) continue;
    for (let at = nodes[index] ?? 0; at < heap.nodeCount && !seen.has(at); at = parent[at] ?? heap.nodeCount) {
      seen.add(at);
      const place = depths.get(shapes.of(at) ?? -1);
      if (place === undefined || !isArrayName(typeOf(heap, at).name)) continue;
      const elements = (heap.firstEdge[at + 1] ?? 0) - (heap.firstEdge[at] ?? 0);
      result.set(place, Math.max(result.get(place) ?? 0, elements));
    }
  }
  return result;
}

/**
 * The collection that an array belongs to: Dictionary for its entries, the delegate whose handlers it has, else the array itself. Only parts belong to the collection
 * above them: a queue in a dictionary is one of its own.
 */
function owner(types: readonly string[], step: number): string {
  if (isInvocationList(types, step)) return types[step - 1] ?? '';
  let at = step;
  while (isCollection(types[at - 1] ?? '') && (at === step || PART.test(types[at] ?? ''))) at -= 1;
  return types[at] ?? '';
}
