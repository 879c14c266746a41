import { retainedByType } from './dominators/retained-by-type.ts';
import type { HeapFile } from './graph/heap.ts';
import { typeGroups } from './graph/type-groups.ts';

export interface TypeSize {
  readonly type: string;
  readonly module: string;
  readonly instances: number;
  /** Of the instances themselves. */
  readonly bytes: number;
  /** Bytes that would go with all of them; null without dominators. */
  readonly retainedBytes: number | null;
}

/** All types that have reachable instances, by their own bytes, descending. */
export function typesBySize(heap: HeapFile): TypeSize[] {
  const { groupOf, groups } = typeGroups(heap);
  const { instances, bytes } = countTypes(heap, groupOf, groups.length);
  const retained = retainedByType(heap)?.bytes;
  return groups
    .map((group, index) => ({
      type: group.name,
      module: group.module,
      instances: instances[index] ?? 0,
      bytes: bytes[index] ?? 0,
      retainedBytes: retained ? (retained[index] ?? 0) : null,
    }))
    .filter((entry) => entry.instances > 0)
    .sort((a, b) => b.bytes - a.bytes || b.instances - a.instances || (a.type < b.type ? -1 : 1));
}

function countTypes(heap: HeapFile, groupOf: Uint32Array, groups: number) {
  const { type, size8, nodeCount } = heap;
  const byType = new Float64Array(heap.types.length);
  const sizes = new Float64Array(heap.types.length);
  for (let node = 0; node < nodeCount; node++) {
    const index = type[node] ?? 0;
    byType[index] = (byType[index] ?? 0) + 1;
    sizes[index] = (sizes[index] ?? 0) + (size8[node] ?? 0);
  }
  const instances = new Float64Array(groups);
  const bytes = new Float64Array(groups);
  for (let index = 0; index < groupOf.length; index++) {
    const group = groupOf[index] ?? 0;
    instances[group] = (instances[group] ?? 0) + (byType[index] ?? 0);
    bytes[group] = (bytes[group] ?? 0) + (sizes[index] ?? 0) * 8;
  }
  return { instances, bytes };
}
