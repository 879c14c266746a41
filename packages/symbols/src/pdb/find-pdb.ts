import { type FileHandle, open } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, win32 } from 'node:path';
import { MalformedSymbols } from '../metadata/byte-cursor.ts';
import type { DebugDirectory } from '../pe/debug-directory.ts';
import { readSlice } from '../pe/file-slice.ts';
import { readEmbeddedPdb } from './embedded.ts';
import { MAXIMUM_PDB_BYTES } from './limits.ts';
import { PortablePdb } from './portable-pdb.ts';

/**
 * The PDB that belongs to a module: the one named by the caller, beside the module, where it was compiled, inside it.
 * A PDB with another id is passed over: its lines would be wrong. Null when none fits.
 */
export async function findPdb(
  modulePath: string,
  module: FileHandle,
  directory: DebugDirectory,
  named: string | undefined,
): Promise<PortablePdb | null> {
  const { pdbId, embedded } = directory;
  for (const path of pdbId === null ? [] : candidates(modulePath, directory.pdbPath, named)) {
    const pdb = await openPdb(path);
    if (pdb?.id === pdbId) return pdb;
  }
  if (!embedded) return null;
  const pdb = new PortablePdb(await readEmbeddedPdb(module, embedded));
  return pdbId === null || pdb.id === pdbId ? pdb : null;
}

function candidates(modulePath: string, compiledPath: string | null, named: string | undefined): string[] {
  const folder = dirname(modulePath);
  const result = named === undefined ? [] : [named];
  // The path may be of another system: "C:\src\obj\Shop.pdb".
  if (compiledPath) result.push(join(folder, win32.basename(compiledPath)));
  result.push(join(folder, `${basename(modulePath).replace(/\.(dll|exe)$/i, '')}.pdb`));
  if (compiledPath && isAbsolute(compiledPath)) result.push(compiledPath);
  return [...new Set(result)];
}

/** Null for a file that is not there or is no portable PDB (an old Windows PDB, for one). */
async function openPdb(path: string): Promise<PortablePdb | null> {
  let file: FileHandle;
  try {
    file = await open(path);
  } catch {
    return null;
  }
  try {
    const stat = await file.stat();
    if (!stat.isFile() || stat.size > MAXIMUM_PDB_BYTES) return null;
    return new PortablePdb(await readSlice(file, 0, stat.size));
  } catch (error) {
    if (error instanceof MalformedSymbols) return null;
    throw error;
  } finally {
    await file.close();
  }
}
