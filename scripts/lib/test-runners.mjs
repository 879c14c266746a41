import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { native, root } from './paths.mjs';
import { run, tail } from './run.mjs';

/** What a runner counted, and how to run it again. */
function result({ passed, failed, skipped, output, repeat }) {
  return { passed, failed, skipped, output: failed > 0 || passed === 0 ? tail(output, 120) : '', repeat };
}

export async function runVitest(project, scope) {
  const report = path.join(tmpdir(), `firstchance-vitest-${process.pid}-${project}.json`);
  const args = [
    'vitest',
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ];
  const { code, output } = await run('npx', args, {
    quiet: true,
    cwd: root,
    env: { FIRSTCHANCE_SCOPE: scope, NO_COLOR: '1' },
  });
  const counts = await readFile(report, 'utf8').then(JSON.parse, () => null);
  await rm(report, { force: true });
  const failed = counts?.numFailedTests ?? 0;
  return result({
    passed: counts?.numPassedTests ?? 0,
    // A file that does not load or an unhandled error fails the run without failing a test.
    failed: code !== 0 && failed === 0 ? 1 : failed,
    skipped: (counts?.numPendingTests ?? 0) + (counts?.numTodoTests ?? 0),
    output,
    repeat: `npx vitest run --project ${project}`,
  });
}

export async function runCTest(preset, scope) {
  const labels = scope === 'stress' ? ['-L', 'stress'] : ['-LE', 'stress'];
  const args = ['--test-dir', `build/${preset}`, '--output-on-failure', '-j2', ...labels];
  const { code, output } = await run('ctest', args, { quiet: true, cwd: native });
  const total = Number(/tests passed, \d+ tests failed out of (\d+)/.exec(output)?.[1] ?? 0);
  const failed = Number(/tests passed, (\d+) tests failed/.exec(output)?.[1] ?? 0);
  const skipped = (output.match(/\*\*\*Skipped/g) ?? []).length;
  return result({
    passed: total - failed - skipped,
    failed: code !== 0 && failed === 0 ? 1 : failed,
    skipped,
    output,
    repeat: `ctest --test-dir packages/engine/native/build/${preset} --output-on-failure`,
  });
}
