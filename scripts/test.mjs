// npm test: builds what is needed and runs all checks. --matrix runs every combination, --stress the long ones.

import {
  buildFixtures,
  buildNative,
  buildTypeScript,
  installModules,
  installSystemPackages,
} from './lib/build-steps.mjs';
import { checkBinaries } from './lib/check-binaries.mjs';
import { crossCompile } from './lib/cross-compile.mjs';
import { allFixtures } from './lib/fixture-list.mjs';
import { lintNative } from './lib/lint-native.mjs';
import { root } from './lib/paths.mjs';
import { main, mustRun, StepError, step } from './lib/step.mjs';
import { runCTest, runVitest } from './lib/test-runners.mjs';

const scope = process.argv.includes('--stress') ? 'stress' : process.argv.includes('--matrix') ? 'matrix' : 'all';
const totals = { passed: 0, failed: 0, skipped: 0 };
const failures = [];

/** A step whose failure does not keep the others from running. */
async function check(name, work) {
  try {
    await step(name, async () => {
      const result = await work();
      if (typeof result !== 'object' || result === null) {
        return result;
      }
      for (const key of Object.keys(totals)) {
        totals[key] += result[key];
      }
      if (result.failed > 0 || result.passed === 0) {
        throw new StepError(
          `${result.output}\n${result.failed} failed, ${result.passed} passed; repeat with:\n  ${result.repeat}`,
        );
      }
      return `${result.passed} passed${result.skipped > 0 ? `, ${result.skipped} skipped` : ''}`;
    });
  } catch (error) {
    failures.push(name);
    process.stderr.write(`${error instanceof StepError ? error.message : error.stack}\n`);
  }
}

await main(async () => {
  await installSystemPackages({ forTests: true });
  await installModules();
  await buildNative('release', { tests: true });
  await buildTypeScript();
  await buildFixtures(allFixtures());

  if (scope === 'all') {
    await check('Format and lint of TypeScript', () =>
      mustRun('npx', ['biome', 'check', '.'], { cwd: root }).then(() => 'clean'),
    );
    await check('Imports go down only', () =>
      mustRun('node', ['scripts/check-imports.mjs'], { cwd: root }).then(() => 'clean'),
    );
    await check('Format of C++', () => lintNative('format'));
    await check('Shipped binaries run on older systems', checkBinaries);
    await check('Unit tests of TypeScript', () => runVitest('unit', scope));
    await check('Tests of the engine', () => runCTest('release', scope));
    await check('Whole system', () => runVitest('e2e', scope));
    await check('Engine under sanitizers', async () => {
      await buildNative('sanitize', { tests: true });
      return runCTest('sanitize', scope);
    });
    await check('Engine for arm64 compiles', crossCompile);
    await check('Lint of C++', () => lintNative('tidy'));
  } else {
    await check('Tests of the engine', () => runCTest('release', scope));
    await check('Whole system', () => runVitest('e2e', scope));
  }

  if (failures.length > 0) {
    process.stdout.write(`\nFailed: ${failures.join('; ')}\n`);
    process.exitCode = 1;
  }
  // A failed check that counts no tests is still one failure.
  const failed = Math.max(totals.failed, failures.length);
  process.stdout.write(`\n${totals.passed} passed, ${failed} failed, ${totals.skipped} skipped\n`);
});
