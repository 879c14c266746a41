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
      unnamed,
      output: tail(output, 200),
      repeat: `${scope}${typed(command, args, cwd)}`,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** So many failures may be bad luck; more are not. */
const MOST_AGAIN = 3;

/**
 * Runs what failed once more, alone, when it was little. What passes then is told as unsteady, with what it said the first time: on a
 * machine that others load as well, one in some thousand tests of processes and signals meets a moment nobody thought of.
 */
export async function againIfFew(first, runAgain) {
  const names = first.failedTests ?? [];
  if (first.failed === 0 || first.failed > MOST_AGAIN || first.unnamed > 0 || names.length !== first.failed) {
    return first;
  }
  const second = await runAgain(first);
  if (second.failed > 0) {
    return first;
  }
  return { ...first, passed: first.passed + first.failed, failed: 0, unsteady: names };
}

/** Vitest's projects `unit` or `e2e*`; tests read the scope from FIRSTCHANCE_SCOPE. `files` narrows by path. */
export async function runVitest(project, { scope, files = [] }) {
  const runFiles = (paths) =>
    runAndCount('npx', ['vitest', 'run', '--project', project, ...paths], {
      env: { FIRSTCHANCE_SCOPE: scope, NO_COLOR: '1' },
      reportArgs: (report) => ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
      readCounts: (text) => vitestCounts(text),
    });
  return againIfFew(await runFiles(files), ({ failedFiles }) => runFiles(failedFiles));
}

/** The engine's tests of one build; the scope chooses by CTest labels. `except` leaves tests out, by a regular expression. */
export async function runCTest(preset, { scope, except }) {
  const labels = { plain: ['-LE', 'matrix|stress'], matrix: ['-LE', 'stress'], stress: ['-L', 'stress'] }[scope];
  const runTests = (which) =>
    runAndCount('ctest', ['--test-dir', `build/${preset}`, '--output-on-failure', '-j2', ...which], {
      cwd: native,
      reportArgs: (report) => ['--output-junit', report],
      readCounts: (text) => ctestCounts(text),
    });
  const all = [...labels, ...(except ? ['-E', except] : [])];
  return againIfFew(await runTests(all), () => runTests(['--rerun-failed']));
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
