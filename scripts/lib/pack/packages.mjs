import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { newest } from '../newest.mjs';
import { root } from '../paths.mjs';
import { publishedWorkspaces, readManifest } from './published.mjs';

/** Where tests and projects of runners take our packages from: as users have them, and so as fast as theirs. */
export const installed = path.join(root, 'dist/installed');

const PARTS = ['package.json', 'dist', 'bin', 'schema', 'controls', 'README.md'];

/** The folder of a package below the one that all are packed into. */
export function placeOf(to, name) {
  return path.join(to, name.replace('@firstchance/', ''));
}

/** Packs every package of TypeScript into `to`, which needs a build. `each(name, work)` may tell of it. */
export async function packPackages(to, each = (_, work) => work()) {
  // The bundler comes with npm's modules, and the scripts that import this begin before they are installed.
  const { packWorkspace } = await import('./workspace.mjs');
  await mkdir(to, { recursive: true });
  const packed = [];
  for (const folder of await publishedWorkspaces()) {
    const { name } = await readManifest(folder);
    await each(name, async () => {
      const one = await packWorkspace(folder, placeOf(to, name));
      packed.push(one);
      return one.bundled.length === 0
        ? undefined
        : `with ${one.bundled.map((inside) => inside.name).join(', ')} inside`;
    });
  }
  return packed;
}

/** Packs into `installed` when something that goes into it is newer. Returns whether it did. */
export async function packInstalled() {
  const stamp = path.join(installed, '.packed');
  if ((await newest(await packedFiles())) <= (await newest([stamp]))) {
    return false;
  }
  await packPackages(installed);
  await writeFile(stamp, '');
  return true;
}

/** What goes into packages: as it was built, not the sources. */
async function packedFiles() {
  const places = [];
  for (const parent of ['packages', 'adapters']) {
    for (const name of await readdir(path.join(root, parent))) {
      places.push(...PARTS.map((part) => path.join(root, parent, name, part)));
    }
  }
  return places;
}
