import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, readdir, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { missingModules } from './node-modules.mjs';
import { installed as packages, packInstalled } from './pack/packages.mjs';
import { fixtures, root } from './paths.mjs';
import { inParallel } from './run.mjs';
import { mustRun } from './step.mjs';

const folder = path.join(fixtures, 'runners');

/** Projects of test runners in the versions that we support, each with a lock file of its own. */
async function runnerProjects() {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && existsSync(path.join(folder, entry.name, 'package-lock.json')))
    .map((entry) => entry.name)
    .sort();
}

/** Installs what the lock files want, and our adapters as a user would have them. */
export async function installRunnerProjects() {
  await packInstalled();
  const installed = [];
  // Two at a time: npm waits for the registry half the time.
  await inParallel(await runnerProjects(), 2, async (name) => {
    const project = path.join(folder, name);
    if (isMissing(project)) {
      await mustRun('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: project });
      installed.push(name);
    }
    await placeAdapters(path.join(project, 'node_modules'));
  });
  return installed.length === 0 ? 'as locked' : `installed ${installed.sort().join(', ')}`;
}

/** Packs what was built since, and puts it where projects of runners have it already. */
export async function refreshInstalled() {
  if (!(await packInstalled())) {
    return;
  }
  for (const name of await runnerProjects()) {
    const modules = path.join(folder, name, 'node_modules');
    if (existsSync(modules)) {
      await placeAdapters(modules);
    }
  }
}

function isMissing(project) {
  const record = path.join(project, 'node_modules/.package-lock.json');
  if (!existsSync(record)) {
    return true;
  }
  const read = (file) => JSON.parse(readFileSync(file, 'utf8'));
  return missingModules(read(path.join(project, 'package-lock.json')), read(record)).length > 0;
}

/**
 * Adapters are copied: they must find the runner of the project they are in, and Node resolves the imports of a linked package
 * from where it really lies. The command has nothing to find there and is linked.
 */
async function placeAdapters(modules) {
  const scope = path.join(modules, '@firstchance');
  await rm(scope, { recursive: true, force: true });
  await mkdir(scope, { recursive: true });
  for (const adapter of await readdir(path.join(root, 'adapters'))) {
    await cp(path.join(packages, adapter), path.join(scope, adapter), { recursive: true });
  }
  const link = path.join(modules, 'firstchance');
  await rm(link, { recursive: true, force: true });
  await symlink(path.join(packages, 'firstchance'), link);
}
