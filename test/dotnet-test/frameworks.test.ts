import { cpSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { endRecord, Running, readCaptures } from '../support/firstchance.ts';
import { Sandbox } from '../support/sandbox.ts';
import { agentStates, executable, ourLeftovers, records, suite, testStates, vstest } from '../support/suite.ts';

/* First-chance exceptions of test runs: taken in the process that runs the tests, and in no other one. */

const options = ['-mm', '-e', '1', '-f', '*division by zero*', '-n', '20'];
const thrown = {
  trigger: { kind: 'first-chance' },
  exception: { type: 'System.InvalidOperationException', message: 'division by zero in the program' },
};

/** Exit code of the same command without us, in an environment as ours. */
async function codeAlone([command = '', ...args]: string[], cwd?: string): Promise<number | null> {
  using sandbox = new Sandbox();
  return (await new Running(command, args, { env: sandbox.env, ...(cwd ? { cwd } : {}) }).end()).code;
}

describe('dotnet test by VSTest', () => {
  test.each(['xunit2-tests', 'nunit-tests', 'mstest-tests'])('%s', async (name) => {
    using sandbox = new Sandbox();
    const outcome = await sandbox.run(options, vstest(name));
    expect(outcome.code).toBe(await codeAlone(vstest(name)));
    expect(outcome.stdout).toMatch(/Failed: +2, Passed: +3/);

    const captures = readCaptures(sandbox.session);
    expect(captures).toHaveLength(2);
    for (const capture of captures) {
      expect(capture).toMatchObject({ ...thrown, process: { name: 'testhost' }, captureMethod: 'clone' });
      expect(capture.exception?.stack[0]?.method).toContain('Shop.Orders.Divide(');
    }
    expect(agentStates(sandbox.session)).toMatchObject({
      ...{ dotnet: 'declined', 'vstest.console': 'declined', testhost: 'loaded' },
    });
    expect(endRecord(sandbox.session)).toMatchObject({ exitCode: outcome.code, captures: 2, problems: 0 });
    expect(outcome.stderr).not.toContain('problem:');
    expect(ourLeftovers(sandbox)).toEqual([]);
  });

  test('xunit v2 names the test of each capture; how a test ended it does not tell, so all are kept', async () => {
    using sandbox = new Sandbox();
    await sandbox.run(options, vstest('xunit2-tests'));
    const tests = readCaptures(sandbox.session).map((one) => one.test?.title.join());
    expect(tests.sort()).toEqual(['Suite.OrderTests.Catches', 'Suite.OrderTests.Fails']);
    expect(records(sandbox.session, 'result')).toEqual(
      Array.from({ length: 2 }, () => expect.objectContaining({ kept: true, testState: 'unknown' })),
    );
    expect(Object.keys(testStates(sandbox.session))).toHaveLength(5);
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
    expect(outcome.code).toBe(await codeAlone(command, cwd));

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
