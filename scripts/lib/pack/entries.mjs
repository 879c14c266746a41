import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** Modules in dist/ that the published package is entered by: its exports, and what its commands import. */
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
    for (const [, name] of text.matchAll(/['"]\.\.\/dist\/([\w-]+)\.js['"]/g)) {
      entries.add(name);
    }
  }
  return [...entries];
}

/** Of "./dist/index.js" the "index"; null for a file that is shipped as it is. */
export function builtModule(target) {
  return typeof target === 'string' ? (/^\.\/dist\/([\w-]+)\.js$/.exec(target)?.[1] ?? null) : null;
}
