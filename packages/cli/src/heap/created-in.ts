import type { HeapFile } from '@firstchance/heap';
import type { HeapPathResult } from '@firstchance/model';
import { findCreatedIn } from '@firstchance/session';

/** With the places in the program's code that create the type, where its assemblies are at hand and still those of the process. */
export async function withCreatedIn(document: HeapPathResult, heap: HeapFile): Promise<HeapPathResult> {
  const { type, module, paths } = document;
  const asked = { type, module, path: paths[0]?.path ?? [] };
  const createdIn = (await findCreatedIn([asked], heap.meta.modules)).get(asked);
  return createdIn ? { ...document, createdIn } : document;
}
