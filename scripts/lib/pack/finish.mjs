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

/** Makes the .tgz of a folder in `to`; returns its name and size. */
export async function tarball(folder, to) {
  const output = await mustRun('npm', ['pack', folder, '--json', '--ignore-scripts', '--pack-destination', to]);
  const [packed] = Object.values(JSON.parse(output.slice(output.search(/[[{]/))));
  return `${packed.filename}, ${(packed.size / 1e6).toFixed(2)} MB, ${packed.entryCount} files`;
}
