import { retainedByType } from '../dominators/retained-by-type.ts';
import { type HeapFile, sizeOf } from '../graph/heap.ts';
import { type Shape, shapesOf } from './shapes.ts';

/** Objects that are held in the same way. */
export interface PathGroup extends Shape {
  /** Equal in two heaps of one program for equal root and types. */
  readonly key: string;
  readonly instances: number;
  /** Of the objects themselves. */
  readonly bytes: number;
  /** What would go with the objects, those left out that another object of their type holds; null without dominators. */
  readonly retainedBytes: number | null;
  /** The newest of them, see {@link newestFirst}. */
  readonly newest: number;
  readonly shape: number;
}

/** Groups objects by the shape of their shortest path to a root, largest group first. Unreached ones are left out. */
export function pathGroups(heap: HeapFile, nodes: ArrayLike<number>): PathGroup[] {
  const shapes = shapesOf(heap);
  const nested = retainedByType(heap)?.nested;
  const sums = new Map<number, { instances: number; bytes: number; retained: number; newest: number }>();
  for (let index = 0; index < nodes.length; index++) {
    const node = nodes[index] ?? 0;
    const shape = shapes.of(node);
    if (shape === undefined) continue;
    let sum = sums.get(shape);
    if (!sum) {
      sum = { instances: 0, bytes: 0, retained: 0, newest: node };
      sums.set(shape, sum);
    }
    sum.instances += 1;
    sum.bytes += sizeOf(heap, node);
    if (nested?.[node] !== 1) sum.retained += heap.dominators?.retained.at(node) ?? 0;
    sum.newest = Math.max(sum.newest, node);
  }
  return [...sums]
    .map(([shape, { retained, ...sum }]) => {
      const path = shapes.describe(shape);
      const retainedBytes = heap.dominators ? retained : null;
      return { ...path, ...sum, shape, retainedBytes, key: [path.root, ...path.types].join('\0') };
    })
    .sort((a, b) => b.instances - a.instances || (a.key < b.key ? -1 : 1));
}

/**
 * Instances that were probably made last: those of the highest addresses. The file does not say generations; the allocator hands
 * out ascending addresses within a region and new regions mostly lie above old ones, and compaction keeps the order. Good for an
 * example to look at, not for counting: what is new is found by comparing two heaps.
 */
export function newestFirst(nodes: ArrayLike<number>, count: number): number[] {
  const end = nodes.length;
  return Array.from({ length: Math.min(count, end) }, (_value, index) => nodes[end - 1 - index] ?? 0);
}
