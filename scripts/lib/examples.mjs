import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { dotnetBuild, hashOfSources } from './fixtures.mjs';
import { fixtures, root } from './paths.mjs';
import { installRunnerProjects } from './runner-projects.mjs';

const folder = path.join(root, 'examples');

const HANG = 'an order that a voucher pays for hangs: the shop is captured before its test times out';
const LEAK = 'looking at a product leaks: the growth test names Shop.ProductPage and what holds it';

/** What a user types in the example's folder, and what is planted there. */
export const EXAMPLES = {
  vitest: { command: ['npm', 'test'], hang: HANG, leak: LEAK },
  jest: { command: ['npm', 'test'], hang: HANG, leak: LEAK },
  playwright: {
    command: ['npm', 'test'],
    // Debian's; without it the config takes the one that Playwright has downloaded.
    env: { CHROMIUM: '/usr/bin/chromium' },
    hang: HANG,
    leak: 'looking at a product leaks: the growth check at the end names Shop.ProductPage, though every test of it passed',
  },
  xunit: {
    command: ['npx', 'firstchance', 'run', '--', 'dotnet', 'test', '-c', 'Release', '--no-build'],
    hang: HANG.replace('shop', 'test host'),
    leak: 'a test that passes leaves 1000 pages behind: the ledger counts Shop.ProductPage',
  },
};

/**
 * Runners that are no dependency of this repository: their examples borrow the modules of a project in fixtures/runners. For
 * the others Node finds runner and adapters in the repository's own node_modules.
 */
const BORROWED = { jest: 'jest30', playwright: 'playwright-newest' };

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

/** The runner of this example is here. */
export function hasRunner(name) {
  const project = BORROWED[name];
  return project === undefined || existsSync(path.join(fixtures, 'runners', project, 'package.json'));
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
