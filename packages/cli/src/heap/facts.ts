import type { HeapFile } from '@firstchance/heap';
import type { HeapFacts } from '@firstchance/model';

/** Which heap, for the documents of heap, diff and path. */
export function heapFacts(heap: HeapFile, file: string): HeapFacts {
  const { meta } = heap;
  let words = 0;
  for (const size of heap.size8) words += size;
  return {
    ...{ file, process: meta.process.name, pid: meta.pid },
    ...{ runtime: meta.process.runtime, architecture: meta.process.architecture, time: meta.time },
    ...{ objects: heap.nodeCount, bytes: words * 8, references: heap.edges.length },
    ...{ complete: meta.complete, why: meta.why, notes: meta.notes },
  };
}

export function hexAddress(address: number): string {
  return `0x${address.toString(16)}`;
}
