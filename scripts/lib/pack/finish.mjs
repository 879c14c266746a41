import { readdir } from 'node:fs/promises';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { mustRun } from '../step.mjs';
import { readManifest } from './published.mjs';

/** What publint finds wrong with a folder that is to be published (warnings count), and what would disturb a build beside it. */
export async function checkPackage(folder) {
  const { messages } = await publint({ pkgDir: folder, level: 'warning', strict: true, pack: false });
  const manifest = await readManifest(folder);
  const found = messages.map((message) => formatMessage(message, manifest, { color: false }));
  return [...found, ...(await msbuildFiles(folder))].map((what) => `${manifest.name}: ${what}`);
}

/** A C# project compiles every *.cs below its folder, node_modules too. */
async function msbuildFiles(folder) {
  const names = await readdir(folder, { recursive: true });
  return names
    .filter((name) => /\.(cs|vb|fs|resx|razor|cshtml|[a-z]+proj|props|targets)$/.test(name))
    .map((name) => `${name} would become part of a .NET project that has node_modules in its folder`);
}

/** Makes the .tgz files of these folders in `to`, in one call of npm; returns their names and sizes. */
export async function tarballs(folders, to) {
  const output = await mustRun('npm', ['pack', ...folders, '--json', '--ignore-scripts', '--pack-destination', to]);
  return Object.values(JSON.parse(output.slice(output.search(/^[[{]/m))))
    .map(({ filename, size, entryCount }) => `${filename}: ${(size / 1e6).toFixed(2)} MB, ${entryCount} files`)
    .join('\n');
}
