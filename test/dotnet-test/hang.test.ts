import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { endRecord, fixture, readCaptures } from '../support/firstchance.ts';
import { Sandbox } from '../support/sandbox.ts';
import { executable, ourLeftovers, records, suite, testStates, vstest } from '../support/suite.ts';

const hangs = 'Suite.OrderTests.Hangs';

describe('--per-test-deadline captures the test that hangs, and the run goes on', () => {
  const ways: [string, string[], string | undefined][] = [
    ['xunit v2, dotnet test', vstest('xunit2-tests', 'Hangs'), undefined],
    ['xunit v3, its executable', [executable('xunit3-tests'), '--filter-method', hangs], undefined],
    [
      'xunit v3, dotnet test',
      ['dotnet', 'test', '-c', 'Release', '--no-build', '--filter-method', hangs],
      suite('xunit3-tests'),
    ],
    // These do not tell when a test starts: their stacks are looked at.
    ['NUnit, dotnet test', vstest('nunit-tests', 'Hangs'), undefined],
    ['MSTest, dotnet test', vstest('mstest-tests', 'Hangs'), undefined],
    ['NUnit, its executable', [executable('nunit-mtp-tests'), '--filter', 'FullyQualifiedName~Hangs'], undefined],
    ['MSTest, its executable', [executable('mstest-mtp-tests'), '--filter', 'FullyQualifiedName~Hangs'], undefined],
  ];

  test.each(ways)('%s', async (_, command, cwd) => {
    using sandbox = new Sandbox();
    const release = path.join(sandbox.path, 'release');
    const options = ['-mm', '--per-test-deadline', '1s', '--on-hang', 'wait', '--stacks', '-x', sandbox.session];
    const running = sandbox.start(['run', ...options, '--', ...command], {
      env: { SUITE_HANG_UNTIL: release },
      ...(cwd === undefined ? {} : { cwd }),
    });
    await running.until('firstchance 0001');
    writeFileSync(release, '');
    const outcome = await running.end();
    // Once it is let go the test passes: the capture did it no harm.
    expect(outcome.code).toBe(0);

    const captures = readCaptures(sandbox.session);
    expect(captures).toMatchObject([
      {
        trigger: {
          kind: 'deadline',
          detail: expect.stringMatching(`^test ${hangs} (still ran after|was seen running for) 1000 ms$`),
        },
        test: { title: [hangs], candidates: 1 },
      },
    ]);
    const awaiting = JSON.stringify(captures[0]?.awaiting);
    for (const method of ['Shop.Orders.ReadPageAsync', 'Shop.Orders.LoadAsync', hangs]) {
      expect(awaiting).toContain(method);
    }
    const stacks = captures[0]?.threads.filter((thread) => thread.stack.length > 0) ?? [];
    expect(stacks.length).toBeGreaterThan(1);
    expect(outcome.stderr).toContain('ReadPageAsync');
    expect(endRecord(sandbox.session)).toMatchObject({ exitCode: 0, captures: 1, problems: 0 });
    expect(ourLeftovers(sandbox)).toEqual([]);
  });
});

describe('a test that never comes back', () => {
  const ways: [string, string[], string][] = [
    ['xunit v2', vstest('xunit2-tests'), 'xunit'],
    ['NUnit', vstest('nunit-tests'), 'nunit'],
    ['xunit v3 on Microsoft.Testing.Platform', [executable('xunit3-tests')], 'xunit'],
  ];

  test.each(ways)('%s: captured, then its process is ended and the run goes on', async (_, command, runner) => {
    using sandbox = new Sandbox();
    const outcome = await sandbox.run(['-mm', '--per-test-deadline', '2s'], command, {
      env: { SUITE_HANG_UNTIL: path.join(sandbox.path, 'never') },
    });
    expect(outcome.code).not.toBe(0);
    expect(readCaptures(sandbox.session)).toMatchObject([
      { trigger: { kind: 'deadline' }, test: { title: [hangs], runner, candidates: 1 } },
    ]);
    expect(testStates(sandbox.session)[hangs]).toEqual(['started', 'timed-out']);
    expect(records(sandbox.session, 'result')).toMatchObject([{ kept: true, testState: 'timed-out' }]);
    expect(outcome.stderr).toMatch(/problem: a test hung, so the process was ended .*Hangs/);
    expect(endRecord(sandbox.session)).toMatchObject({ exitCode: outcome.code, captures: 1, problems: 1 });
    expect(ourLeftovers(sandbox)).toEqual([]);
  });
});

test('where no test runs, --per-test-deadline says that it did nothing', async () => {
  using sandbox = new Sandbox();
  const options = ['-mm', '--per-test-deadline', '500ms', '--deadline', '4s', '-x', sandbox.session];
  const running = sandbox.start(['run', ...options, '--', 'dotnet', fixture('web')]);
  // By the deadline of the whole command there were looks.
  await running.until('firstchance 0001');
  running.child.kill('SIGINT');
  const outcome = await running.end();
  expect(outcome.stderr).toMatch(/problem: --per-test-deadline had no effect.*no test.*\n.*--deadline/);
  expect(endRecord(sandbox.session)).toMatchObject({ problems: 1 });
});
