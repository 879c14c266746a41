// What users install, as folders ready for npm, with bills of materials:
//   node scripts/pack.mjs [--only packages|engines] [--all] [--tarballs] [--to FOLDER]        needs a build (npm run build)
// Engines are packed where they were built; with --all one that is not there is an error. --tarballs makes the .tgz
// files and the NuGet package too.
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { packEngine } from './lib/pack/engine.mjs';
import { checkPackage, tarballs } from './lib/pack/finish.mjs';
import { packNuget } from './lib/pack/nuget.mjs';
import { engineBuild, engines, publishedWorkspaces, readManifest } from './lib/pack/published.mjs';
import { writeSbom } from './lib/pack/sbom.mjs';
import { packWorkspace } from './lib/pack/workspace.mjs';
import { root } from './lib/paths.mjs';
import { main, StepError, step } from './lib/step.mjs';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    all: { type: 'boolean', default: false },
    tarballs: { type: 'boolean', default: false },
    to: { type: 'string', default: path.join(root, 'dist/npm') },
  },
});

await main(async () => {
  const to = path.resolve(values.to);
  await mkdir(to, { recursive: true });
  const ours = values.only === 'engines' ? [] : await packages(to);
  const natives = values.only === 'packages' ? [] : await enginesBuilt(to);
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
    if (values.only !== 'engines') {
      await step('FirstChance.Testing', () => packNuget(to));
    }
  }
});

function place(to, name) {
  return path.join(to, name.replace('@firstchance/', ''));
}

async function packages(to) {
  const packed = [];
  for (const folder of await publishedWorkspaces()) {
    const { name } = await readManifest(folder);
    await step(name, async () => {
      const one = await packWorkspace(folder, place(to, name));
      packed.push(one);
      return one.bundled.length === 0 ? undefined : `with ${one.bundled.map((each) => each.name).join(', ')} inside`;
    });
  }
  return packed;
}

async function enginesBuilt(to) {
  const { version } = await readManifest(root);
  const packed = [];
  for (const engine of engines) {
    const from = engineBuild(engine.architecture);
    if (!existsSync(path.join(from, 'firstchance-engine')) && !values.all) {
      process.stdout.write(`- ${engine.name}: not built here, left out\n`);
      continue;
    }
    await step(engine.name, async () => {
      packed.push(await packEngine({ ...engine, from, to: place(to, engine.name), version }));
    });
  }
  return packed;
}
