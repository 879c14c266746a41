import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '@firstchance/engine';
import type { HeapFile } from '@firstchance/heap';

/** The heap of a core dump, with dominators; made in a private folder that is gone afterwards. @throws EngineError */
export async function graphOfDump(engine: Engine, dump: string, signal?: AbortSignal): Promise<HeapFile> {
  const folder = await mkdtemp(join(tmpdir(), 'firstchance-heap-'));
  try {
    const output = join(folder, 'heap.fch');
    await engine.heapGraph(dump, output, { dominators: true, ...(signal ? { signal } : {}) });
    const { openHeapFile } = await import('@firstchance/heap');
    return await openHeapFile(output);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
