import type { SourceLocator as PdbLocator } from '@firstchance/symbols';
import type { SourceLocator } from '../capture/source-lines.ts';

/** Source lines from portable PDBs, beside the module or inside it. */
export function pdbLocator(): SourceLocator {
  // Loaded with the first capture, not with the session.
  let loaded: Promise<PdbLocator> | undefined;
  const load = async () => new (await import('@firstchance/symbols')).SourceLocator();
  return {
    locate: async (modulePath, token, ilOffset) => {
      loaded ??= load();
      return await (await loaded).locate({ modulePath, token, ilOffset });
    },
    locateAwait: async (modulePath, token, state) => {
      loaded ??= load();
      return await (await loaded).locateAwait({ modulePath, token, state });
    },
  };
}
