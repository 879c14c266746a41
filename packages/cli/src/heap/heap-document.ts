import {
  biggestDominators,
  type HeapFile,
  NATIVE_KINDS,
  nativeByType,
  typesBySize,
  withDominators,
} from '@firstchance/heap';
import type { HeapResult } from '@firstchance/model';
import { heapFacts, hexAddress } from './facts.ts';

/** What `heap` says. Retained sizes are computed when the file has none. */
export function heapDocument(given: HeapFile, file: string, top: number): HeapResult {
  const heap = withDominators(given);
  const types = typesBySize(heap);
  const dead = heap.unreachable.reduce(
    (sum, { instances, bytes }) => ({ instances: sum.instances + instances, bytes: sum.bytes + bytes }),
    { instances: 0, bytes: 0 },
  );
  return {
    schema: 1,
    heap: heapFacts(heap, file),
    unreachable: heap.unreachable.length > 0 ? dead : null,
    typeCount: types.length,
    types: types.slice(0, top),
    native: nativeMemory(heap, top),
    dominators: biggestDominators(heap, { top }).map(
      ({ type, module, instances, retainedBytes, address, path, children }) => ({
        ...{
          type,
          module,
          instances,
          retainedBytes,
          address: hexAddress(address),
          path: [...path],
          children: [...children],
        },
      }),
    ),
  };
}

function nativeMemory(heap: HeapFile, top: number): NonNullable<HeapResult['native']> | null {
  if (!heap.native) return null;
  const { totals, why } = heap.native;
  const owners = nativeByType(heap);
  const sum = (of: 'bytes' | 'heldBytes') => NATIVE_KINDS.reduce((all, kind) => all + totals[kind][of], 0);
  return {
    bytes: sum('bytes'),
    unheldBytes: Math.max(0, sum('bytes') - sum('heldBytes')),
    why,
    ownerCount: owners.length,
    owners: owners.slice(0, top),
  };
}
