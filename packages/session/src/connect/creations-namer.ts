import { addCreatedIn } from '../created-in/add-created-in.ts';
import type { CulpritNamer } from '../growth/ports.ts';

/**
 * Says of what was named also which places in the program create it. That is read from files that anybody may have written: what
 * goes wrong there must not take the names away.
 */
export function withCreations(namer: CulpritNamer): CulpritNamer {
  return {
    name: async (request) => {
      const growth = await namer.name(request);
      if (!growth.some(({ type }) => type)) return growth;
      try {
        const { readHeapMeta } = await import('@firstchance/heap');
        return await addCreatedIn(growth, (await readHeapMeta(request.after)).modules);
      } catch {
        return growth;
      }
    },
  };
}
