// What users install, as folders ready for npm, with bills of materials:
//   node scripts/pack.mjs [--only packages|engines] [--tarballs] [--to FOLDER]        needs a build (npm run build)
// The engine is packed where it was built; the cross-compiled one only shows that it compiles. --tarballs makes the .tgz
// files, those of debugging symbols and the NuGet package too.
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { packEngine } from './lib/pack/engine.mjs';
import { checkPackage, tarballs } from './lib/pack/finish.mjs';
import { packNuget } from './lib/pack/nuget.mjs';
import { packPackages, placeOf } from './lib/pack/packages.mjs';
import { engines, readManifest } from './lib/pack/published.mjs';
import { writeSbom } from './lib/pack/sbom.mjs';
import { native, root } from './lib/paths.mjs';
import { main, mustRun, StepError, step } from './lib/step.mjs';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    tarballs: { type: 'boolean', default: false },
    to: { type: 'string', default: path.join(root, 'dist/npm') },
  },
});

await main(async () => {
  const to = path.resolve(values.to);
  await mkdir(to, { recursive: true });
  const ours = values.only === 'engines' ? [] : await packPackages(to, step);
  const natives = values.only === 'packages' ? [] : await engineBuilt(to);
  const packed = [...ours, ...natives];
  if (packed.length === 0) {
    throw new StepError('there is nothing to pack: run npm run build first');
  }
  await step('Packages are as npm wants them', async () => {
    const problems = (await Promise.all(packed.map(({ folder }) => checkPackage(folder)))).flat();
    if (problems.length > 0) {
      throw new StepError(problems.join('\n'));
    }
  });
  await step('Bills of materials', async () => {
    // One of each engine: they are packed on different machines.
    for (const one of natives) {
      await writeSbom([one], path.join(to, `sbom-engine-${one.architecture}.cdx.json`));
    }
    return ours.length === 0 ? undefined : writeSbom(ours, path.join(to, 'sbom-packages.cdx.json'));
  });
  if (values.tarballs) {
    const folders = packed.map(({ folder }) => folder);
    await step('npm pack', () => tarballs(folders, to));
    for (const one of natives) {
      const folder = symbolsOf(to, one);
      await step(path.basename(folder), async () => {
        await mustRun('tar', ['-czf', `${folder}.tar.gz`, '-C', folder, '.build-id']);
      });
    }
    if (values.only !== 'engines') {
      await step('FirstChance.Testing', () => packNuget(to));
    }
  }
});

/** Debugging symbols are for a release's page, not for npm. */
function symbolsOf(to, { architecture }) {
  return path.join(to, `symbols-engine-${architecture}`);
}

async function engineBuilt(to) {
  const engine = engines.find(({ architecture }) => architecture === process.arch);
  const from = path.join(native, 'build/release/bin');
  if (!engine || !existsSync(path.join(from, 'firstchance-engine'))) {
    process.stdout.write('- the engine: not built here, left out\n');
    return [];
  }
  const { version } = await readManifest(root);
  const places = { to: placeOf(to, engine.name), symbols: symbolsOf(to, engine) };
  return [await step(engine.name, () => packEngine({ ...engine, from, ...places, version }))];
}
