// What users install, as folders ready for npm:   node scripts/pack.mjs [--engine ARCHITECTURE=FOLDER]… [--all] [--tarballs]
// Needs a build (npm run build). Engines are taken from their build folders, or from FOLDER (built on another machine); with
// --all a missing one is an error. --tarballs makes the .tgz files too, in dist/npm.
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { packEngine } from './lib/pack/engine.mjs';
import { checkPackage, tarballs } from './lib/pack/finish.mjs';
import { engineBuild, engines, publishedWorkspaces, readManifest } from './lib/pack/published.mjs';
import { packWorkspace } from './lib/pack/workspace.mjs';
import { root } from './lib/paths.mjs';
import { main, StepError, step } from './lib/step.mjs';

const { values } = parseArgs({
  options: {
    engine: { type: 'string', multiple: true, default: [] },
    all: { type: 'boolean', default: false },
    tarballs: { type: 'boolean', default: false },
    to: { type: 'string', default: path.join(root, 'dist/npm') },
  },
});

await main(async () => {
  const to = path.resolve(values.to);
  const given = new Map(values.engine.map((one) => one.split(/=(.*)/s).slice(0, 2)));
  const { version } = await readManifest(root);
  await mkdir(to, { recursive: true });
  const place = (name) => path.join(to, name.replace('@firstchance/', ''));
  const packed = [];
  for (const folder of await publishedWorkspaces()) {
    const { name } = await readManifest(folder);
    await step(name, async () => {
      const one = await packWorkspace(folder, place(name));
      packed.push(one);
      return one.bundled.length === 0 ? undefined : `with ${one.bundled.map((each) => each.name).join(', ')} inside`;
    });
  }
  for (const engine of engines) {
    const from = given.get(engine.architecture) ?? engineBuild(engine.architecture);
    if (!existsSync(path.join(from, 'firstchance-engine')) && !values.all && !given.has(engine.architecture)) {
      process.stdout.write(`- ${engine.name}: not built here, left out\n`);
      continue;
    }
    await step(engine.name, async () => {
      packed.push(await packEngine({ ...engine, from, to: place(engine.name), version }));
    });
  }
  await step('Packages are as npm wants them', async () => {
    const problems = (await Promise.all(packed.map(({ folder }) => checkPackage(folder)))).flat();
    if (problems.length > 0) {
      throw new StepError(problems.join('\n'));
    }
  });
  if (values.tarballs) {
    const folders = packed.map(({ folder }) => folder);
    await step('npm pack', () => tarballs(folders, to));
  }
});
