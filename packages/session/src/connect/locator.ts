import { SourceLocator as PdbLocator } from '@firstchance/symbols';
import type { SourceLocator } from '../capture/source-lines.ts';

/** Source lines from portable PDBs, beside the module or inside it. */
export function pdbLocator(): SourceLocator {
  const locator = new PdbLocator();
  return { locate: (modulePath, token, ilOffset) => locator.locate({ modulePath, token, ilOffset }) };
}
