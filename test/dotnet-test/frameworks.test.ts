import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { endRecord, Running, readCaptures } from '../support/firstchance.ts';
import { Sandbox } from '../support/sandbox.ts';
import { inMatrix } from '../support/scope.ts';
import { agentStates, executable, ourLeftovers, records, suite, testStates, vstest } from '../support/suite.ts';

/* First-chance exceptions of test runs: taken in the process that runs the tests, and in no other one. */

const options = ['-mm', '-e', '1', '-f', '*division by zero*', '-n', '20'];
const thrown = {
  trigger: { kind: 'first-chance' },
  exception: { type: 'System.InvalidOperationException', message: 'division by zero in the program' },
};

/** What failed tests give: of VSTest and of Microsoft.Testing.Platform. */
const [VSTEST_FAILED, PLATFORM_FAILED] = [1, 2];

/** Exit code of the same command without us, in an environment as ours: asked in the matrix, `known` elsewhere. */
async function codeAlone(known: number, [command = '', ...args]: string[], cwd?: string): Promise<number | null> {
  if (!inMatrix) return known;
  using sandbox = new Sandbox();
  return (await new Running(command, args, { env: sandbox.env, ...(cwd ? { cwd } : {}) }).end()).code;
}

/** What becomes of the captures of each framework: those of tests that passed go, a parametrised test is named by its case. */
const FRAMEWORKS = [
  { name: 'xunit2-tests', runner: 'xunit', total: /Failed: +2, Passed: +5/, failed: ['Suite.OrderTests.Fails'] },
  {
    ...{ name: 'nunit-tests', runner: 'nunit', total: /Failed: +3, Passed: +4/ },
    failed: ['Suite.OrderTests.Divides(6,0)', 'Suite.OrderTests.Fails'],
  },
  {
    ...{ name: 'mstest-tests', runner: 'mstest', total: /Failed: +3, Passed: +4/ },
    failed: ['Suite.OrderTests.Divides (6,0)', 'Suite.OrderTests.Fails'],
  },
];

/** Captures that stay are of failed tests, each named for certain; the one of the test that caught went. */
function expectFailedOnly(session: string, runner: string, failed: readonly string[]): void {
  // On a machine too busy to write them a throw is not captured within its 2 s; that is said, and is another failure.
  expect(records(session, 'skipped')).toEqual([]);
  const captures = readCaptures(session);
  expect(readdirSync(path.join(session, 'captures')).sort()).toEqual(captures.map((one) => one.id));
  expect(captures.map((one) => one.test?.title.join()).sort()).toEqual(failed);
  for (const capture of captures) {
    expect(capture).toMatchObject({ ...thrown, captureMethod: 'clone', test: { runner, candidates: 1 } });
    expect(capture.exception?.stack[0]?.method).toContain('Shop.Orders.Divide(');
  }
  expect(results(session)).toEqual([...failed.map(() => 'failed true'), 'passed false']);
  const states = testStates(session);
  for (const name of failed) expect(states[name]?.at(-1)).toBe('failed');
  expect(states['Suite.OrderTests.Catches']?.at(-1)).toBe('passed');
  expect(states['Suite.OrderTests.FailsAfterAwait']?.at(-1)).toBe('failed');
}

const results = (session: string) =>
  records(session, 'result')
    .map((line) => `${line.testState} ${line.kept}`)
    .sort();

describe('dotnet test by VSTest', () => {
  test.each(FRAMEWORKS)('$name', async ({ name, runner, total, failed }) => {
    using sandbox = new Sandbox();
    const outcome = await sandbox.run(options, vstest(name));
    expect(outcome.code).toBe(await codeAlone(VSTEST_FAILED, vstest(name)));
    expect(outcome.stdout).toMatch(total);
    expectFailedOnly(sandbox.session, runner, failed);
    expect(agentStates(sandbox.session)).toMatchObject({
      ...{ dotnet: 'declined', 'vstest.console': 'declined', testhost: 'loaded' },
    });
    const end = { exitCode: outcome.code, captures: failed.length, problems: 0 };
    expect(endRecord(sandbox.session)).toMatchObject(end);
    expect(outcome.stderr).not.toContain('problem:');
    expect(readFileSync(path.join(sandbox.session, 'junit.xml'), 'utf8')).toMatch(
      /<testcase name="Suite.OrderTests.Fails"[^>]*>\s*<failure/,
    );
    // Its results file is in the session, not among the user's.
    expect(existsSync(path.join(suite(name), 'TestResults'))).toBe(false);
    expect(readdirSync(path.join(sandbox.session, 'results'))).toHaveLength(1);
    expect(ourLeftovers(sandbox)).toEqual([]);
  });

  test.each(['nunit-tests', 'mstest-tests'])(
    '%s: a throw after an await belongs to the test that awaits',
    async (name) => {
      using sandbox = new Sandbox();
      await sandbox.run(['-mm', '-e', '1', '-f', '*never cancelled*'], vstest(name));
      expect(readCaptures(sandbox.session)).toMatchObject([
        { test: { title: ['Suite.OrderTests.FailsAfterAwait'], candidates: 1 } },
      ]);
    },
  );

  test("the user's own TRX logger stays as it is, and is read", async () => {
    using sandbox = new Sandbox();
    const own = path.join(sandbox.path, 'own');
    const logger = ['--logger', 'trx;LogFileName=mine.trx', '--results-directory', own];
    await sandbox.run(options, [...vstest('mstest-tests', 'OrderTests.Catches'), ...logger]);
    expect(readdirSync(own)).toContain('mine.trx');
    expect(results(sandbox.session)).toEqual(['passed false']);
    expect(testStates(sandbox.session)).toEqual({ 'Suite.OrderTests.Catches': ['passed'] });
    expect(endRecord(sandbox.session)).toMatchObject({ exitCode: 0, captures: 0, problems: 0 });
  });

  test('--keep all keeps those of passed tests, and says how they ended', async () => {
    using sandbox = new Sandbox();
    await sandbox.run([...options, '--keep', 'all'], vstest('nunit-tests', 'OrderTests.Catches'));
    expect(readCaptures(sandbox.session)).toMatchObject([{ test: { title: ['Suite.OrderTests.Catches'] } }]);
    expect(results(sandbox.session)).toEqual(['passed true']);
  });

  test('with a build before it: compiler and MSBuild are left alone', async () => {
    using sandbox = new Sandbox();
    for (const name of ['xunit2-tests', 'test-subject', 'Directory.Build.props']) {
      const filter = (file: string) => !/\/(bin|obj)$/.test(file);
      cpSync(suite(name), path.join(sandbox.path, name), { recursive: true, filter });
    }
    const outcome = await sandbox.run(options, [
      'dotnet',
      'test',
      'xunit2-tests',
      '--filter',
      'FullyQualifiedName~Fails',
    ]);
    expect(outcome.code).toBe(1);
    expect(readCaptures(sandbox.session)).toMatchObject([{ ...thrown, process: { name: 'testhost' } }]);
    const { testhost, ...others } = agentStates(sandbox.session);
    expect(testhost).toBe('loaded');
    expect(new Set(Object.values(others))).toEqual(new Set(['declined']));
    expect(outcome.stderr).not.toContain('problem:');
    expect(ourLeftovers(sandbox)).toEqual([]);
  });

  test('a run whose tests pass keeps its exit code', async () => {
    using sandbox = new Sandbox();
    const outcome = await sandbox.run(options, vstest('nunit-tests', 'Passes'));
    expect(outcome.code).toBe(0);
    expect(readCaptures(sandbox.session)).toEqual([]);
    expect(endRecord(sandbox.session)).toMatchObject({ exitCode: 0, captures: 0, problems: 0 });
  });
});

describe('xunit v3 on Microsoft.Testing.Platform', () => {
  const project = suite('xunit3-tests');
  const ways: [string, string[], string | undefined][] = [
    ['its executable', [executable('xunit3-tests')], undefined],
    ['dotnet run', ['dotnet', 'run', '--project', project, '-c', 'Release', '--no-build'], undefined],
    // The folder's global.json chooses the platform.
    ['dotnet test', ['dotnet', 'test', '-c', 'Release', '--no-build'], project],
  ];

  test.each(ways)('%s: captures of passed tests go, the others stay', async (_, command, cwd) => {
    using sandbox = new Sandbox();
    const outcome = await sandbox.run(options, command, cwd === undefined ? {} : { cwd });
    expect(outcome.code).toBe(await codeAlone(PLATFORM_FAILED, command, cwd));

    const captures = readCaptures(sandbox.session);
    expect(readdirSync(path.join(sandbox.session, 'captures')).sort()).toEqual(captures.map((one) => one.id));
    expect(captures.map((one) => one.test?.title.join()).sort()).toEqual(['Suite.OrderTests.Fails']);
    for (const capture of captures) expect(capture).toMatchObject({ ...thrown, process: { name: 'xunit3-tests' } });
    expect(
      records(sandbox.session, 'result')
        .map((line) => `${line.testState} ${line.kept}`)
        .sort(),
    ).toEqual(['failed true', 'passed false']);
    expect(testStates(sandbox.session)).toEqual({
      'Suite.OrderTests.Passes': ['started', 'passed'],
      'Suite.OrderTests.Fails': ['started', 'failed'],
      'Suite.OrderTests.FailsAfterAwait': ['started', 'failed'],
      'Suite.OrderTests.Catches': ['started', 'passed'],
      'Suite.OrderTests.Hangs': ['started', 'passed'],
      'Suite.OrderTests.KeepsOne': ['started', 'passed'],
      'Suite.OrderTests.KeepsAnother': ['started', 'passed'],
    });
    const { 'xunit3-tests': tests, ...others } = agentStates(sandbox.session);
    expect(tests).toBe('loaded');
    expect(Object.values(others).every((state) => state === 'declined')).toBe(true);
    expect(outcome.stderr).toContain('removed 1 capture of passed tests');
    expect(endRecord(sandbox.session)).toMatchObject({ exitCode: outcome.code, captures: 1, problems: 0 });
    expect(ourLeftovers(sandbox)).toEqual([]);
  });

  test('a throw after an await belongs to the test that awaits', async () => {
    using sandbox = new Sandbox();
    const command = [executable('xunit3-tests'), '--filter-method', 'Suite.OrderTests.FailsAfterAwait'];
    await sandbox.run(['-mm', '-e', '1', '-f', '*never cancelled*'], command);
    expect(readCaptures(sandbox.session)).toMatchObject([
      { exception: { type: 'System.NotSupportedException' }, test: { title: ['Suite.OrderTests.FailsAfterAwait'] } },
    ]);
  });

  test('--keep all keeps those of passed tests too', async () => {
    using sandbox = new Sandbox();
    await sandbox.run([...options, '--keep', 'all'], [executable('xunit3-tests')]);
    expect(readCaptures(sandbox.session).map((one) => one.test?.title.join())).toContain('Suite.OrderTests.Catches');
    expect(endRecord(sandbox.session)).toMatchObject({ captures: 2 });
  });
});

describe('NUnit and MSTest on Microsoft.Testing.Platform', () => {
  const options = ['-mm', '-e', '1', '-f', '*division by zero*', '-n', '20'];
  const failed = ['Suite.OrderTests.Divides (6,0)', 'Suite.OrderTests.Fails'];
  const ways: [string, string[], string | undefined][] = [
    ['its executable', [executable('mstest-mtp-tests')], undefined],
    ['dotnet test', ['dotnet', 'test', '-c', 'Release', '--no-build'], suite('mstest-mtp-tests')],
  ];

  test.each(ways)('MSTest, %s: results by its TRX report', async (_, command, cwd) => {
    using sandbox = new Sandbox();
    const outcome = await sandbox.run(options, command, cwd === undefined ? {} : { cwd });
    expect(outcome.code).toBe(PLATFORM_FAILED);
    expectFailedOnly(sandbox.session, 'mstest', failed);
    expect(endRecord(sandbox.session)).toMatchObject({ exitCode: 2, captures: 2, problems: 0 });
    expect(existsSync(path.join(suite('mstest-mtp-tests'), 'bin/TestResults'))).toBe(false);
    expect(ourLeftovers(sandbox)).toEqual([]);
  });

  test('NUnit, without that extension: tests are named, captures stay, and it is said why', async () => {
    using sandbox = new Sandbox();
    const outcome = await sandbox.run(options, [executable('nunit-mtp-tests')]);
    expect(outcome.code).toBe(2);
    expect(
      readCaptures(sandbox.session)
        .map((one) => one.test?.title.join())
        .sort(),
    ).toEqual(['Catches', 'Divides', 'Fails'].map((name) => `Suite.OrderTests.${name}`));
    expect(outcome.stderr).toMatch(/3 captures stay.*\n.*Microsoft\.Testing\.Extensions\.TrxReport/);
    expect(endRecord(sandbox.session)).toMatchObject({ exitCode: 2, captures: 3, problems: 1 });
  });
});
