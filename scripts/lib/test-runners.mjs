import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { native, root } from './paths.mjs';
import { progress } from './progress.mjs';
import { run, tail } from './run.mjs';
import { typed } from './step.mjs';
import { ctestCounts, tapCounts, vitestCounts } from './test-counts.mjs';

/**
 * Runs a test runner and counts by its own report, not by its text. A runner that failed without naming a failed test (a file
 * that does not load, an error outside of tests) counts as one failure, and so does one that ran nothing.
 */
async function runAndCount(command, args, { cwd = root, env, reportArgs, readCounts }) {
  const folder = await mkdtemp(path.join(tmpdir(), 'firstchance-tests-'));
  try {
    const report = path.join(folder, 'report');
    const { code, output } = await run(command, [...args, ...reportArgs(report)], { cwd, env, onLine: progress.line });
    const counts = readCounts(await readFile(report, 'utf8').catch(() => null), output);
    const unnamed = counts.failed === 0 && (code !== 0 || counts.passed === 0) ? 1 : 0;
    const scope = env?.FIRSTCHANCE_SCOPE === undefined ? '' : `FIRSTCHANCE_SCOPE=${env.FIRSTCHANCE_SCOPE} `;
    return {
      ...counts,
      failed: counts.failed + unnamed,
      output: tail(output, 200),
      repeat: `${scope}${typed(command, args, cwd)}`,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Vitest's projects `unit` or `e2e*`; tests read the scope from FIRSTCHANCE_SCOPE. `files` narrows by path. */
export function runVitest(project, { scope, files = [] }) {
  return runAndCount('npx', ['vitest', 'run', '--project', project, ...files], {
    env: { FIRSTCHANCE_SCOPE: scope, NO_COLOR: '1' },
    reportArgs: (report) => ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    readCounts: (text) => vitestCounts(text),
  });
}

/** The engine's tests of one build; the scope chooses by CTest labels. `except` leaves tests out, by a regular expression. */
export function runCTest(preset, { scope, except }) {
  const labels = { plain: ['-LE', 'matrix|stress'], matrix: ['-LE', 'stress'], stress: ['-L', 'stress'] }[scope];
  return runAndCount(
    'ctest',
    ['--test-dir', `build/${preset}`, '--output-on-failure', '-j2', ...labels, ...(except ? ['-E', except] : [])],
    {
      cwd: native,
      reportArgs: (report) => ['--output-junit', report],
      readCounts: (text) => ctestCounts(text),
    },
  );
}

/** The tests of these scripts, by Node's own runner: they must run before npm has installed anything. */
export async function runNodeTests() {
  const files = (await readdir(path.join(root, 'scripts'), { recursive: true })).filter((file) =>
    /\.test\.mjs$/.test(file),
  );
  const paths = files.sort().map((file) => path.join('scripts', file));
  return runAndCount('node', ['--test', '--test-reporter=tap', ...paths], {
    reportArgs: () => [],
    readCounts: (_, output) => tapCounts(output),
  });
}
