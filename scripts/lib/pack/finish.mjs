import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { mustRun } from '../step.mjs';
import { readManifest } from './published.mjs';

/** What publint finds wrong with a folder that is to be published; warnings count. */
export async function checkPackage(folder) {
  const { messages } = await publint({ pkgDir: folder, level: 'warning', strict: true, pack: false });
  const manifest = await readManifest(folder);
  return messages.map((message) => `${manifest.name}: ${formatMessage(message, manifest, { color: false })}`);
}

/** Makes the .tgz files of these folders in `to`, in one call of npm; returns their names and sizes. */
export async function tarballs(folders, to) {
  const output = await mustRun('npm', ['pack', ...folders, '--json', '--ignore-scripts', '--pack-destination', to]);
  return Object.values(JSON.parse(output.slice(output.search(/^[[{]/m))))
    .map(({ filename, size, entryCount }) => `${filename}: ${(size / 1e6).toFixed(2)} MB, ${entryCount} files`)
    .join('\n');
}
