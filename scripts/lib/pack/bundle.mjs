import { existsSync } from 'node:fs';
import path from 'node:path';
import { rolldown } from 'rolldown';
import { StepError } from '../step.mjs';
import { packageName } from './declarations.mjs';
import { readManifest } from './published.mjs';

/** What is loaded late in one place and at once in another is loaded at once: the same as in the sources. */
const harmless = new Set(['INEFFECTIVE_DYNAMIC_IMPORT']);

/**
 * Bundles the built modules of a package into `to`, one file per entry and files they share, all side by side: what asks for
 * './runner.js' next to itself finds it whichever file it ended in. Packages in `external` stay imports. Returns the folders of
 * the packages of others that were bundled.
 */
export async function bundleModules(folder, entries, { external, to }) {
  const isExternal = (name) => external.has(packageName(name));
  const build = await rolldown({
    input: Object.fromEntries(entries.map((name) => [name, path.join(folder, 'dist', `${name}.js`)])),
    platform: 'node',
    external: isExternal,
    logLevel: 'warn',
    onLog: (level, log) => {
      if (level === 'warn' && !harmless.has(log.code)) {
        throw new StepError(`bundling ${folder}: ${log.message}`);
      }
    },
  });
  try {
    const { output } = await build.write({
      ...{ dir: to, format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'shared-[hash].js' },
      // A stack trace of ours must be readable in a bug report.
      minify: false,
    });
    checkNeighbours(output, to);
    return await bundledPackages(output.flatMap((chunk) => chunk.moduleIds ?? []));
  } finally {
    await build.close();
  }
}

/** Every file that a module asks for next to itself must be there. */
function checkNeighbours(output, to) {
  for (const { fileName, code = '' } of output) {
    for (const [, name] of code.matchAll(/new URL\(\s*["'](\.[^"']*)["'],\s*import\.meta\.url/g)) {
      if (!existsSync(path.join(to, name))) {
        throw new StepError(
          `${path.join(to, fileName)} asks for '${name}', which is not packed: find it by packageFile()`,
        );
      }
    }
  }
}

async function bundledPackages(modules) {
  const folders = new Set();
  for (const id of modules) {
    const inside = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id);
    if (inside) {
      folders.add(inside[1]);
    }
  }
  const found = await Promise.all([...folders].map(async (one) => ({ folder: one, ...(await readManifest(one)) })));
  return found.sort((a, b) => a.name.localeCompare(b.name));
}
