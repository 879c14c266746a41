import { existsSync } from 'node:fs';
import type { HeapMeta } from '@firstchance/heap';

/**
 * Tells libraries of others from the program's own assemblies: a build puts the symbols of what it compiles beside the assemblies,
 * packages rarely bring theirs. Where none of the assemblies has any, nobody is taken for a library.
 */
export function librariesAmong(
  modules: NonNullable<HeapMeta['modules']>,
  exists: (file: string) => boolean = existsSync,
): (module: string) => boolean {
  const found = modules.filter(({ path }) => exists(path));
  const own = found.filter(({ path }) => exists(path.replace(/\.(dll|exe)$/i, '.pdb')));
  const libraries = new Set(own.length === 0 ? [] : found.filter((one) => !own.includes(one)).map(({ name }) => name));
  return (module) => libraries.has(module);
}
