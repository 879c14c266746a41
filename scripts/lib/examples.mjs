import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { dotnetBuild, hashOfSources } from './fixtures.mjs';
import { root } from './paths.mjs';
import { installRunnerProjects } from './runner-projects.mjs';

const folder = path.join(root, 'examples');

/**
 * Runners that are no dependency of this repository: their examples borrow the modules of a project in fixtures/runners. For
 * the others Node finds runner and adapters in the repository's own node_modules.
 */
const BORROWED = { jest: 'jest30' };

/** Builds the shop and its xunit tests, unless nothing changed. */
export async function buildExamples() {
  const stamp = path.join(folder, 'xunit/obj/examples.built');
  const sources = `${await hashOfSources(path.join(folder, 'shop'))} ${await hashOfSources(path.join(folder, 'xunit'))}`;
  const programs = ['shop/bin/Release/net10.0/shop.dll', 'xunit/bin/Release/net10.0/shop-tests.dll'];
  const built = programs.every((program) => existsSync(path.join(folder, program)));
  if (built && existsSync(stamp) && (await readFile(stamp, 'utf8')) === sources) {
    return 'nothing changed';
  }
  await dotnetBuild('xunit/shop-tests.csproj', { cwd: folder });
  await mkdir(path.dirname(stamp), { recursive: true });
  await writeFile(stamp, sources);
  return undefined;
}

/** Puts an example's modules where Node looks for them. */
export async function placeExampleModules(name) {
  const project = BORROWED[name];
  if (project === undefined) {
    return "the repository's own";
  }
  await installRunnerProjects();
  const link = path.join(folder, name, 'node_modules');
  await rm(link, { recursive: true, force: true });
  await symlink(path.join('../../fixtures/runners', project, 'node_modules'), link);
  return `those of fixtures/runners/${project}`;
}
