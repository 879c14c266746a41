import { type HeapFile, NO_NODE } from '../graph/heap.ts';
import { typeGroups } from '../graph/type-groups.ts';
import type { Dominated } from './dominated.ts';

/** Objects of one type that are held only by the objects above. */
export interface DominatorGroup {
  readonly type: string;
  readonly module: string;
  readonly instances: number;
  readonly retainedBytes: number;
  /** Largest first; small ones are left out. */
  readonly children: readonly DominatorGroup[];
}

export interface GroupLimits {
  /** Levels of groups. */
  readonly depth: number;
  /** Groups below one. */
  readonly width: number;
  /** Groups that retain less are left out, in bytes. */
  readonly least: number;
}

export interface DominatedGroups {
  nameOf(node: number): { type: string; module: string };
  /** What these objects hold, by type. Node `nodeCount` stands for all roots together. */
  below(members: readonly number[], limits: GroupLimits): DominatorGroup[];
}

/** The dominator tree with the objects of one type below the same objects taken together. @param heap has dominators */
export function dominatedGroups(heap: HeapFile, { firstChild, nextSibling }: Dominated): DominatedGroups {
  const { groupOf, groups } = typeGroups(heap);
  const groupAt = (node: number) => groupOf[heap.type[node] ?? 0] ?? 0;
  const name = (group: number) => ({ type: groups[group]?.name ?? '?', module: groups[group]?.module ?? '' });
  return {
    nameOf: (node) => name(groupAt(node)),
    below: (members, limits) => {
      const [first] = members;
      const own = first === undefined || first === heap.nodeCount ? ALL_ROOTS : groupAt(first);
      return below(members, own, limits);
    },
  };

  /** Members' children of the members' own type are links of a chain and open at once. */
  function below(members: readonly number[], own: number, limits: GroupLimits): DominatorGroup[] {
    const { depth, width, least } = limits;
    if (depth === 0) return [];
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
        entry.bytes += heap.dominators?.retained.at(node) ?? 0;
      }
    }
    return [...found]
      .filter(([, { bytes }]) => bytes >= least)
      .sort(([, a], [, b]) => b.bytes - a.bytes)
      .slice(0, width)
      .map(([group, { nodes, bytes }]) => ({
        ...name(group),
        ...{ instances: nodes.length, retainedBytes: bytes },
        children: below(nodes, group, { ...limits, depth: depth - 1 }),
      }));
  }
}

/** No type's group. */
const ALL_ROOTS = -1;
