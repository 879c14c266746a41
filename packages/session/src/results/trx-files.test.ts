import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Problem } from '../problems/problem.ts';
import { TrxFiles } from './trx-files.ts';

let folder: string;
let problems: Problem[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trx-'));
  problems = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const files = (prefix?: string) =>
  new TrxFiles({
    ...{ prefix, sessionFolder: join(folder, 'session'), onProblem: (problem) => void problems.push(problem) },
  });
const trx = (name: string) =>
  `<TestRun><Results><UnitTestResult testId="1" testName="${name}" outcome="Passed"/></Results></TestRun>`;
function write(path: string, text: string): string {
  const file = join(folder, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
  return file;
}
const vstest = (...more: string[]) => ['dotnet', 'exec', '/sdk/vstest.console.dll', ...more];

it('what was written for us is moved into the session, what the user asked for stays', async () => {
  const found = files('firstchance-S');
  found.seen(process.pid, vstest(`--ResultsDirectory:${folder}/TestResults`));
  const own = write('TestResults/firstchance-S_net10.0_1.trx', trx('Own'));
  expect((await found.read()).map(({ name }) => name)).toEqual(['Own']);
  expect(existsSync(join(folder, 'TestResults'))).toBe(false);
  const [moved = ''] = readdirSync(join(folder, 'session/results'));
  expect(own).toContain(moved);
  expect(statSync(join(folder, 'session/results', moved)).mode & 0o777).toBe(0o600);
  const mine = write('TestResults/mine.trx', trx('Mine'));
  expect((await found.read()).map(({ name }) => name)).toEqual(['Mine']);
  expect(existsSync(mine)).toBe(true);
  expect(problems).toEqual([]);
});

it('results of an earlier run, and folders of processes that run no tests, are not looked at', async () => {
  const found = files();
  const old = write('TestResults/old.trx', trx('Old'));
  utimesSync(old, 1, 1);
  write('other/TestResults/x.trx', trx('Other'));
  found.seen(process.pid, vstest('--resultsDirectory', 'ignored', `--results-directory:${folder}/TestResults`));
  found.seen(process.pid, ['bash', '-c', 'x']);
  expect(await found.read()).toEqual([]);
});

it('a test executable writes beside itself, or where it is told to', async () => {
  const found = files();
  found.seen(process.pid, [join(folder, 'bin/tests'), '--report-trx']);
  found.seen(process.pid, [join(folder, 'bin/tests'), '--results-directory', join(folder, 'there')]);
  write('bin/TestResults/a.trx', trx('A'));
  write('there/b.trx', trx('B'));
  expect((await found.read()).map(({ name }) => name).sort()).toEqual(['A', 'B']);
});

it('a file that is none is a problem and hides no other', async () => {
  const found = files();
  found.seen(process.pid, vstest(`--ResultsDirectory:${folder}`));
  write('a.trx', 'no XML');
  write('b.trx', trx('B'));
  expect((await found.read()).map(({ name }) => name)).toEqual(['B']);
  expect(problems).toMatchObject([{ what: 'test results could not be read', where: join(folder, 'a.trx') }]);
});
