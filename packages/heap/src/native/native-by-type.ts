import { type HeapFile, NATIVE_KINDS, type NativeKind } from '../graph/heap.ts';
import { typeGroups } from '../graph/type-groups.ts';

/** Deeper than this, what lies between is so much that it may hang together by chance. */
const SURE_DEPTH = 2;

/** Native memory that the objects of one type hold, each block counted for the object nearest to it. */
export interface NativeOfType {
  readonly type: string;
  readonly module: string;
  readonly objects: number;
  readonly bytes: number;
  /** Of these, what the objects point to themselves or over one native block. */
  readonly sureBytes: number;
}

/** By bytes, descending; empty where the file does not say. @param kinds which memory counts; absent: all */
export function nativeByType(heap: HeapFile, kinds: readonly NativeKind[] = NATIVE_KINDS): NativeOfType[] {
  const { native, type } = heap;
  if (!native) return [];
  const { groupOf, groups } = typeGroups(heap);
  const sums = new Map<number, { objects: number; bytes: number; sureBytes: number; last: number }>();
  for (let entry = 0; entry < native.count; entry++) {
    if (!kinds.includes(native.kind(entry))) continue;
    const node = native.node(entry);
    const group = groupOf[type[node] ?? 0] ?? 0;
    const sum = sums.get(group) ?? { objects: 0, bytes: 0, sureBytes: 0, last: -1 };
    sums.set(group, sum);
    const bytes = native.bytes(entry);
    // Entries of one node follow each other.
    if (sum.last !== node) sum.objects += 1;
    sum.last = node;
    sum.bytes += bytes;
    if (native.depth(entry) <= SURE_DEPTH) sum.sureBytes += bytes;
  }
  return [...sums]
    .map(([group, { objects, bytes, sureBytes }]) => {
      const { name = '?', module = '' } = groups[group] ?? {};
      return { type: name, module, objects, bytes, sureBytes };
    })
    .sort((a, b) => b.bytes - a.bytes || (a.type < b.type ? -1 : 1));
}
