import { type HeapFile, NO_NODE } from '../graph/heap.ts';
import { pathNames } from '../paths/names.ts';
import { shapesOf } from '../paths/shapes.ts';
import { dominated } from './dominated.ts';
import { type DominatorGroup, dominatedGroups } from './dominated-groups.ts';

/** One object that nothing but roots holds. */
export interface Dominator extends DominatorGroup {
  readonly node: number;
  readonly address: number;
  /** How it is held: root, then short type names down to it; more roots may hold it. Empty when none reaches it. */
  readonly path: readonly string[];
}

export interface TreeLimits {
  /** Objects at the top. Default 10. */
  readonly top?: number;
  /** Levels below the top. Default 5. */
  readonly depth?: number;
  /** Groups below one. Default 3. */
  readonly width?: number;
  /** Groups that retain less than this share of the top object are left out. Default 0.05. */
  readonly share?: number;
}

/** The objects that retain most, with what they hold, grouped by type below. Empty without dominators. */
export function biggestDominators(heap: HeapFile, limits: TreeLimits = {}): Dominator[] {
  const tree = dominated(heap);
  if (!tree || !heap.dominators) return [];
  const { retained } = heap.dominators;
  const { firstChild, nextSibling } = tree;
  const groups = dominatedGroups(heap, tree);
  const { top = 10, depth = 5, width = 3, share = 0.05 } = limits;
  const largest: { node: number; bytes: number }[] = [];
  for (let node = firstChild[heap.nodeCount] ?? NO_NODE; node !== NO_NODE; node = nextSibling[node] ?? NO_NODE) {
    const bytes = retained.at(node);
    if (largest.length === top && bytes <= (largest.at(-1)?.bytes ?? 0)) continue;
    largest.push({ node, bytes });
    largest.sort((a, b) => b.bytes - a.bytes);
    largest.length = Math.min(largest.length, top);
  }
  return largest.map(({ node, bytes }) => ({
    ...{ node, address: heap.address.at(node), path: pathOf(heap, node), retainedBytes: bytes, instances: 1 },
    ...groups.nameOf(node),
    children: groups.below([node], { width, depth, least: bytes * share }),
  }));
}

function pathOf(heap: HeapFile, node: number): string[] {
  const shapes = shapesOf(heap);
  const shape = shapes.of(node);
  return shape === undefined ? [] : pathNames(shapes.describe(shape));
}
