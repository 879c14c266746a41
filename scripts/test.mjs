// npm test: builds what is needed and runs all checks. --matrix runs every combination, the engine's tests under
// sanitizers and clang-tidy besides (twenty more minutes of two cores); --stress the long ones.
import { buildAll, compileNative } from './lib/build-steps.mjs';
import { checkBinaries } from './lib/check-binaries.mjs';
import { checks } from './lib/checks.mjs';
import { crossCompile, crossCompileTests } from './lib/cross-compile.mjs';
import { allFixtures } from './lib/fixtures.mjs';
import { checkFormat, checkTidy } from './lib/lint-native.mjs';
import { root } from './lib/paths.mjs';
import { main, mustRun } from './lib/step.mjs';
import { runCTest, runNodeTests, runVitest } from './lib/test-runners.mjs';

const scope = process.argv.includes('--stress') ? 'stress' : process.argv.includes('--matrix') ? 'matrix' : 'plain';

/** They stop another process, or ask the kernel for their own name, which is the emulator's. */
const NOT_EMULATED = 'core\\.(ImageParts|RealProcess)|linux\\.ProcessStatus\\.OfOurselves';

await main(async () => {
  const { check, report } = checks();
  try {
    await buildAll({ forTests: true, fixtures: allFixtures });

    if (scope === 'plain') {
      await check('Tests of the scripts', runNodeTests);
      await check('Format and lint of TypeScript', () => mustRun('npx', ['biome', 'check', '.'], { cwd: root }));
      await check('Types of the tests', () => mustRun('npx', ['tsc', '-p', 'tsconfig.tests.json'], { cwd: root }));
      await check('Imports go down only', () => mustRun('node', ['scripts/check-imports.mjs'], { cwd: root }));
      await check('Versions are in step', () => mustRun('node', ['scripts/version.mjs'], { cwd: root }));
      await check("The action's bundle is current", () =>
        mustRun('node', ['scripts/bundle-action.mjs', '--check'], { cwd: root }),
      );
      await check('Format of C++', checkFormat);
      await check('Shipped binaries run on older systems', () => checkBinaries());
    }
    if (scope !== 'stress') {
      await check('Unit tests of TypeScript', () => runVitest('unit', { scope }));
    }
    await check('Tests of the engine', () => runCTest('release', { scope }));
    if (scope === 'matrix') {
      await check('Engine with sanitizers compiles', () => compileNative('sanitize', { tests: true }));
      await check('Tests of the engine under sanitizers', () => runCTest('sanitize', { scope }));
      await check(
        'Tests of the engine for arm64, emulated',
        async () => (await crossCompileTests()) ?? runCTest('arm64-tests', { scope, except: NOT_EMULATED }),
      );
    }
    // Tests of the whole wait for other programs much of their time.
    const arm64 = scope === 'plain' ? crossCompile({ behind: true }) : undefined;
    arm64?.catch(() => {});
    // Tests that run for long lie in test/stress and begin only in that scope.
    await check('Tests of the whole', () =>
      runVitest('e2e*', { scope, files: scope === 'stress' ? ['test/stress'] : [] }),
    );
    if (arm64) {
      await check('Engine for arm64 compiles', () => arm64);
    }
    if (scope === 'matrix') {
      await check('Lint of C++', () => checkTidy());
    }
  } catch (error) {
    // A build that failed is a failure of this run, and the last line says so too.
    report.broken(error);
  }
  report.print();
});
