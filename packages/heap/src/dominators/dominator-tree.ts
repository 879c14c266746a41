import { type HeapFile, NO_NODE } from '../graph/heap.ts';
import { typeGroups } from '../graph/type-groups.ts';
import { pathNames } from '../paths/names.ts';
import { shapesOf } from '../paths/shapes.ts';
import { dominated } from './dominated.ts';

/** Objects of one type that are held only by the objects above. */
export interface DominatorGroup {
  readonly type: string;
  readonly module: string;
  readonly instances: number;
  readonly retainedBytes: number;
  /** Largest first; small ones are left out. */
  readonly children: readonly DominatorGroup[];
}

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
  const { groupOf, groups } = typeGroups(heap);
  const { top = 10, depth = 5, width = 3, share = 0.05 } = limits;
  const groupAt = (node: number) => groupOf[heap.type[node] ?? 0] ?? 0;
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
    ...nameOf(groupAt(node)),
    children: below([node], groupAt(node), bytes * share, depth),
  }));

  function nameOf(group: number) {
    return { type: groups[group]?.name ?? '?', module: groups[group]?.module ?? '' };
  }

  /** What the members hold, by type. Members' children of the members' own type are links of a chain and open at once. */
  function below(members: readonly number[], own: number, least: number, levels: number): DominatorGroup[] {
    if (levels === 0) return [];
    const found = new Map<number, { nodes: number[]; bytes: number }>();
    const open = [...members];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      for (let node = firstChild[at] ?? NO_NODE; node !== NO_NODE; node = nextSibling[node] ?? NO_NODE) {
        const group = groupAt(node);
        if (group === own) {
          open.push(node);
          continue;
        }
        let entry = found.get(group);
        if (!entry) {
          entry = { nodes: [], bytes: 0 };
          found.set(group, entry);
        }
        entry.nodes.push(node);
        entry.bytes += retained.at(node);
      }
    }
    return [...found]
      .filter(([, { bytes }]) => bytes >= least)
      .sort(([, a], [, b]) => b.bytes - a.bytes)
      .slice(0, width)
      .map(([group, { nodes, bytes }]) => ({
        ...nameOf(group),
        ...{ instances: nodes.length, retainedBytes: bytes, children: below(nodes, group, least, levels - 1) },
      }));
  }
}

function pathOf(heap: HeapFile, node: number): string[] {
  const shapes = shapesOf(heap);
  const shape = shapes.of(node);
  return shape === undefined ? [] : pathNames(shapes.describe(shape));
}
