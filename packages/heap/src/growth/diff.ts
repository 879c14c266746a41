import type { HeapFile } from '../graph/heap.ts';
import { typeGroups } from '../graph/type-groups.ts';
import { typesBySize } from '../types-by-size.ts';
import { type GrownContainer, grownContainers } from './grown-containers.ts';
import { type TypeClass, typeClass } from './type-classes.ts';

export interface TypeChange {
  readonly type: string;
  readonly module: string;
  readonly class: TypeClass;
  readonly before: { readonly instances: number; readonly bytes: number; readonly retainedBytes: number | null };
  readonly after: { readonly instances: number; readonly bytes: number; readonly retainedBytes: number | null };
  /**
   * Objects of the type at the same address in both: they have not moved. A collection moves objects, so that of the others
   * only the number is known.
   */
  readonly unmoved: number;
}

export interface HeapDiff {
  /** Types whose instances or bytes changed, by growth of bytes, descending. */
  readonly types: readonly TypeChange[];
  /** By growth of retained bytes, then of elements, descending. */
  readonly containers: readonly GrownContainer[];
}

/** What is different between two heaps of one process. Either may lack dominators; retained sizes are then null. */
export function diff(before: HeapFile, after: HeapFile): HeapDiff {
  const unmoved = unmovedByType(before, after);
  const nothing = { instances: 0, bytes: 0, retainedBytes: after.dominators && before.dominators ? 0 : null };
  const changes = new Map<string, TypeChange>();
  const note = (heap: HeapFile, side: 'before' | 'after') => {
    for (const { type, module, instances, bytes, retainedBytes } of typesBySize(heap)) {
      const key = keyOf(module, type);
      const change = changes.get(key) ?? {
        ...{ type, module, class: typeClass(type, module) },
        ...{ before: nothing, after: nothing, unmoved: unmoved.get(key) ?? 0 },
      };
      changes.set(key, { ...change, [side]: { instances, bytes, retainedBytes } });
    }
  };
  note(before, 'before');
  note(after, 'after');
  const growth = (change: TypeChange) => change.after.bytes - change.before.bytes;
  const types = [...changes.values()]
    .filter((change) => growth(change) !== 0 || change.after.instances !== change.before.instances)
    .sort((a, b) => growth(b) - growth(a) || (a.type < b.type ? -1 : 1));
  return { types, containers: grownContainers(before, after) };
}

/** One walk along both lists of addresses. */
function unmovedByType(before: HeapFile, after: HeapFile): Map<string, number> {
  const numbers = new Map(typeGroups(after).groups.map(({ module, name }, index) => [keyOf(module, name), index]));
  const afterGroup = typeGroups(after).groupOf;
  const inAfter = before.types.map(({ module, name }) => numbers.get(keyOf(module, name)) ?? -1);
  const counts = new Float64Array(typeGroups(after).groups.length);
  let right = 0;
  for (let left = 0; left < before.nodeCount; left++) {
    const address = before.address.at(left);
    while (right < after.nodeCount && after.address.at(right) < address) right += 1;
    if (right === after.nodeCount) break;
    const group = afterGroup[after.type[right] ?? 0] ?? 0;
    if (after.address.at(right) === address && inAfter[before.type[left] ?? 0] === group)
      counts[group] = (counts[group] ?? 0) + 1;
  }
  return new Map([...numbers].map(([key, index]) => [key, counts[index] ?? 0]));
}

function keyOf(module: string, type: string): string {
  return `${module}\0${type}`;
}
