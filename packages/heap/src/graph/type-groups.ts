import { familyName, isFamilyName } from '@firstchance/model';
import type { HeapFile, HeapType } from './heap.ts';

/** Types as people tell them apart: equal name and module are one, whichever load context they are from. */
export interface TypeGroups {
  /** Group of each type. */
  readonly groupOf: Uint32Array;
  readonly groups: readonly HeapType[];
}

const cache = new WeakMap<HeapFile, TypeGroups>();

export function typeGroups(heap: HeapFile): TypeGroups {
  const known = cache.get(heap);
  if (known) return known;
  const numbers = new Map<string, number>();
  const groups: HeapType[] = [];
  const groupOf = Uint32Array.from(heap.types, (type) => {
    const key = `${type.module}\0${type.name}`;
    const number = numbers.get(key) ?? groups.push(type) - 1;
    numbers.set(key, number);
    return number;
  });
  const result = { groupOf, groups };
  cache.set(heap, result);
  return result;
}

/** Whether a type is the one of this name, or of the family of this name. */
export function isOfName(type: string, name: string): boolean {
  return type === name || (isFamilyName(name) && familyName(type) === name);
}

/** Nodes of the given name, of a type or of a family (and module, when one is given), ascending by address. */
export function nodesOfType(heap: HeapFile, name: string, module?: string): Uint32Array {
  const wanted = Uint8Array.from(heap.types, (type) =>
    isOfName(type.name, name) && (module === undefined || type.module === module) ? 1 : 0,
  );
  let count = 0;
  for (let node = 0; node < heap.nodeCount; node++) count += wanted[heap.type[node] ?? 0] ?? 0;
  const nodes = new Uint32Array(count);
  let next = 0;
  for (let node = 0; node < heap.nodeCount && next < count; node++)
    if (wanted[heap.type[node] ?? 0] === 1) nodes[next++] = node;
  return nodes;
}
