import { existsSync } from 'node:fs';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../paths.mjs';
import { publishedWorkspaces, readManifest } from './published.mjs';

/** Where tests and projects of runners take our packages from: as users have them, and so as fast as theirs. */
export const installed = path.join(root, 'dist/installed');

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
  const made = existsSync(stamp) ? (await stat(stamp)).mtimeMs : 0;
  // What was built, not the sources: a build that was forgotten is another matter.
  if ((await newest(['packages', 'adapters'])) <= made) {
    return false;
  }
  await packPackages(installed);
  await writeFile(stamp, '');
  return true;
}

/** When the newest file that is packed was written, in ms. */
async function newest(parents) {
  let latest = 0;
  for (const parent of parents) {
    for (const name of await readdir(path.join(root, parent))) {
      for (const part of ['package.json', 'dist', 'bin', 'schema', 'controls', 'README.md']) {
        latest = Math.max(latest, await newestBelow(path.join(root, parent, name, part)));
      }
    }
  }
  return latest;
}

async function newestBelow(place) {
  if (!existsSync(place)) {
    return 0;
  }
  let { mtimeMs: latest } = await stat(place);
  for (const name of (await stat(place)).isDirectory() ? await readdir(place, { recursive: true }) : []) {
    latest = Math.max(latest, (await stat(path.join(place, name))).mtimeMs);
  }
  return latest;
}
