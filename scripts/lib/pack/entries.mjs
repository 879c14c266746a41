import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * Modules in dist/ that the published package is entered by: its exports, and what its commands import. Of an adapter it is every
 * module: runners are given paths of modules, so each must stay a file of its own at its place.
 */
export async function entriesOf(folder, manifest) {
  const entries = new Set();
  for (const target of Object.values(manifest.exports ?? {})) {
    const name = builtModule(target?.default ?? target);
    if (name !== null) {
      entries.add(name);
    }
  }
  for (const command of Object.values(manifest.bin ?? {})) {
    const text = await readFile(path.join(folder, command), 'utf8');
    for (const [, name] of text.matchAll(/['"]\.\.\/dist\/([\w/-]+)\.js['"]/g)) {
      entries.add(name);
    }
  }
  if (manifest.peerDependencies !== undefined) {
    for (const name of await sourceModules(path.join(folder, 'src'))) {
      entries.add(name);
    }
  }
  return [...entries];
}

/** By the sources, since a build leaves the output of files that are gone. */
async function sourceModules(folder) {
  return (await readdir(folder, { recursive: true }))
    .filter((file) => /\.ts$/.test(file) && !/\.(test|d)\.ts$|(^|\/)testing\//.test(file))
    .map((file) => file.slice(0, -'.ts'.length));
}

/** Of "./dist/index.js" the "index"; null for a file that is shipped as it is. */
export function builtModule(target) {
  return typeof target === 'string' ? (/^\.\/dist\/([\w/-]+)\.js$/.exec(target)?.[1] ?? null) : null;
}
