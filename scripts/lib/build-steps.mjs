import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { shipped } from './check-binaries.mjs';
import { buildPackages, ensureDebianPackages, testPackages } from './debian.mjs';
import { buildExamples } from './examples.mjs';
import { buildFixtures } from './fixtures.mjs';
import { newest } from './newest.mjs';
import { installModules } from './node-modules.mjs';
import { packInstalled } from './pack/packages.mjs';
import { native, root } from './paths.mjs';
import { which } from './run.mjs';
import { installRunnerProjects } from './runner-projects.mjs';
import { mustRun, StepError, step } from './step.mjs';

/** Everything from a fresh clone to programs that run. `forTests` adds what only the tests need. */
export async function buildAll({ forTests, fixtures }) {
  await step('System packages', async () => {
    const done = await ensureDebianPackages(forTests ? [...buildPackages, ...testPackages] : buildPackages);
    if ((await which('dotnet')) === null) {
      throw new StepError("'dotnet' is missing: install the .NET SDK 10 (https://dot.net).");
    }
    return done;
  });
  // The engine takes the processors, the rest waits for the network much of its time.
  await besides(
    () => step('Engine', () => compileNative('release', { tests: forTests })),
    async () => {
      await installModules();
      await step('TypeScript', () => mustRun('npx', ['tsc', '-b'], { cwd: root }).then(() => undefined));
      await step('Report page', buildReportPage);
      await step('.NET fixtures', () => buildFixtures(fixtures));
      if (!forTests) return;
      await step('Packages as they are installed', async () =>
        (await packInstalled()) ? undefined : 'nothing changed',
      );
      await step('Projects of test runners', installRunnerProjects);
      await step('Examples', buildExamples);
    },
  );
}

/** Two pieces of work at once; both have ended when the first failure of them is thrown. */
async function besides(...work) {
  for (const outcome of await Promise.allSettled(work.map((one) => one()))) {
    if (outcome.status === 'rejected') throw outcome.reason;
  }
}

/**
 * Configures and compiles one preset of the engine; Ninja does nothing when nothing changed. Without `tests` only what is
 * shipped is made, and a build folder that has tests keeps them: to configure them away would delete their object files.
 */
export async function compileNative(preset, { tests, behind = false }) {
  const fresh = !existsSync(path.join(native, 'build', preset, 'CMakeCache.txt'));
  const option = tests ? ['-DFIRSTCHANCE_TESTS=ON'] : fresh ? ['-DFIRSTCHANCE_TESTS=OFF'] : [];
  const options = { cwd: native, ...(behind ? { onLine: () => {} } : {}) };
  await mustRun('cmake', ['--preset', preset, ...option], options);
  const targets = tests ? [] : ['--target', ...shipped.map((file) => `bin/${file}`)];
  const jobs = String(availableParallelism());
  const build = ['cmake', '--build', `build/${preset}`, '-j', jobs, ...targets];
  const [command, ...args] = behind ? ['nice', '-n', '19', ...build] : build;
  const output = await mustRun(command, args, options);
  return /no work to do/.test(output) ? 'nothing changed' : undefined;
}

/** Builds the page of report.html (Vite, one file), unless it is newer than all it is made from. */
async function buildReportPage() {
  const page = path.join(root, 'packages/report-html/dist/page/index.html');
  const made = await stat(page).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
  const sources = ['packages/report-html', 'packages/report/src', 'packages/model/src'].map((name) =>
    path.join(root, name),
  );
  if ((await newest(sources, (name) => !/^(?:dist|node_modules)(?:\/|$)/.test(name))) < made) {
    return 'nothing changed';
  }
  await mustRun('npx', ['vite', 'build', '--logLevel', 'warn'], { cwd: path.join(root, 'packages/report-html') });
  return undefined;
}
