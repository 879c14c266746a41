import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../paths.mjs';
import { StepError } from '../step.mjs';
import { bundleModules } from './bundle.mjs';
import { copyDeclarations } from './declarations.mjs';
import { entriesOf } from './entries.mjs';
import { publishedManifest } from './manifest.mjs';
import { thirdPartyNotices } from './notices.mjs';
import { readManifest, workspaces } from './published.mjs';

/** Loads code by names that are known at run time only: stays a dependency. */
const dynamic = new Set(['jiti']);

/** Public types speak of it, so it stays a dependency; bundled too, since its hundred files take long to load one by one. */
const bundledToo = new Set(['zod']);

/** Makes the folder of one published package from a built workspace. Returns what was bundled into it. */
export async function packWorkspace(folder, to) {
  const ours = await workspaces();
  const manifest = await readManifest(folder);
  const entries = await entriesOf(folder, manifest);
  await rm(to, { recursive: true, force: true });
  await mkdir(path.join(to, 'dist'), { recursive: true });

  const typed = await packTypes(folder, manifest, ours, to);
  const all = await versionsOf(manifest, ours);
  // What the public types speak of must be there when they are read; then it need not be bundled either, as a rule.
  const kept = [...all.keys()].filter((name) => dynamic.has(name) || typed.others.has(name) || name === 'firstchance');
  const peers = Object.keys(manifest.peerDependencies ?? {});
  const undeclared = [...typed.others].filter((name) => !kept.includes(name) && !peers.includes(name));
  if (undeclared.length > 0) {
    throw new StepError(`types of ${manifest.name} need ${undeclared.join(', ')}, which it does not depend on`);
  }
  const external = new Set([...kept, ...peers].filter((name) => !bundledToo.has(name)));
  const bundled = await bundleModules(folder, entries, { external, to: path.join(to, 'dist') });

  const extras = manifest.name === 'firstchance' ? await packForCommand(to) : { files: [], exports: {}, packages: [] };
  const shipped = (manifest.files ?? []).filter((one) => one !== 'dist');
  for (const file of shipped) {
    await cp(path.join(folder, file), path.join(to, file), {
      recursive: true,
      filter: (one) => !/\/(bin|obj)\/?$/.test(one) || file === 'bin',
    });
  }
  for (const command of Object.values(manifest.bin ?? {})) {
    await chmod(path.join(to, command), 0o755);
  }
  const inside = [...bundled, ...extras.packages];
  if (inside.length > 0) {
    await writeFile(path.join(to, 'THIRD-PARTY-NOTICES.txt'), await thirdPartyNotices(inside));
  }
  await cp(path.join(root, 'LICENSE'), path.join(to, 'LICENSE'));
  await packReadme(folder, manifest, to);
  const dependencies = Object.fromEntries(kept.sort().map((name) => [name, all.get(name)]));
  const published = publishedManifest(manifest, {
    dependencies,
    types: typed.of,
    files: ['dist', ...shipped, ...extras.files, ...(inside.length > 0 ? ['THIRD-PARTY-NOTICES.txt'] : [])],
    exports: extras.exports,
  });
  await writeFile(path.join(to, 'package.json'), `${JSON.stringify(published, null, 2)}\n`);
  return { ...{ name: manifest.name, version: manifest.version, folder: to }, bundled: inside, dependencies };
}

async function packReadme(folder, { name, description }, to) {
  const own = path.join(folder, 'README.md');
  if (existsSync(own)) {
    await cp(own, path.join(to, 'README.md'));
  } else {
    await writeFile(path.join(to, 'README.md'), `# ${name}\n\n${description ?? ''}\n`);
  }
}

/** Declarations, twice where there is a CommonJS module too: the same text means another module system there. */
async function packTypes(folder, manifest, ours, to) {
  const modules = (targets) => targets.map((one) => path.join(folder, one.types));
  const exported = Object.values(manifest.exports).filter((target) => target.types !== undefined);
  const esm = await copyDeclarations(modules(exported), path.join(to, 'dist/types'), ours);
  const both = exported.filter((target) => target.require !== undefined);
  const cjs = await copyDeclarations(modules(both), path.join(to, 'dist/types-cjs'), ours);
  if (both.length > 0) {
    await writeFile(path.join(to, 'dist/types-cjs/package.json'), '{ "type": "commonjs" }\n');
  }
  const place = (copied, module) => {
    const file = copied.placeOf(path.join(folder, 'dist', `${module}.d.ts`));
    return file === undefined ? undefined : `./${path.relative(to, file)}`;
  };
  return { others: esm.others, of: (module) => ({ esm: place(esm, module), cjs: place(cjs, module) }) };
}

/** The page of report.html and the schemas, which other packages of ours make. */
async function packForCommand(to) {
  const page = path.join(root, 'packages/report-html');
  await mkdir(path.join(to, 'page'));
  await cp(path.join(page, 'dist/page/index.html'), path.join(to, 'page/report.html'));
  await cp(path.join(root, 'packages/model/schema'), path.join(to, 'schema'), { recursive: true });
  const { dependencies } = await readManifest(page);
  const packages = await Promise.all(
    Object.keys(dependencies)
      .filter((name) => !name.startsWith('@firstchance/'))
      .map(async (name) => {
        const folder = path.join(root, 'node_modules', name);
        return { folder, ...(await readManifest(folder)) };
      }),
  );
  return { files: ['page', 'schema'], exports: { './schema/*.json': './schema/*.json' }, packages };
}

/** All packages of others that a workspace needs, also by way of our own, with their exact versions; and `firstchance`. */
async function versionsOf(manifest, ours, found = new Map(), seen = new Set()) {
  for (const [name, version] of Object.entries(manifest.dependencies ?? {})) {
    if (name === 'firstchance' || !ours.has(name)) {
      found.set(name, version);
    } else if (!seen.has(name)) {
      seen.add(name);
      await versionsOf(await readManifest(ours.get(name)), ours, found, seen);
    }
  }
  return found;
}
