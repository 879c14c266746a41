import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../paths.mjs';

/** Workspaces that users install. All others are bundled into these; every adapter is one. */
export async function publishedWorkspaces() {
  const adapters = (await readdir(path.join(root, 'adapters'), { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map((entry) => `adapters/${entry.name}`)
    .sort();
  return ['packages/cli', 'packages/diagnostics', ...adapters].map((folder) => path.join(root, folder));
}

/** Packages of the engine: for which processor. */
export const engines = ['x64', 'arm64'].map((architecture) => ({
  ...{ architecture, name: `@firstchance/engine-linux-${architecture}-gnu` },
}));

export const readManifest = async (folder) => JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));

/** Our packages by name: those of the workspace, and where they lie. */
export async function workspaces() {
  const found = new Map();
  for (const parent of ['packages', 'adapters']) {
    for (const name of await readdir(path.join(root, parent))) {
      const folder = path.join(root, parent, name);
      if (existsSync(path.join(folder, 'package.json'))) {
        found.set((await readManifest(folder)).name, folder);
      }
    }
  }
  return found;
}

/** Where the packages come from, which npm compares with who publishes them: known where a release is made, on GitHub. */
export function repository({ GITHUB_REPOSITORY: name } = process.env) {
  return name === undefined ? {} : { repository: { type: 'git', url: `git+https://github.com/${name}.git` } };
}
