import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { endRecord, readCaptures } from '../support/firstchance.ts';
import { Sandbox } from '../support/sandbox.ts';
import { executable, ourLeftovers, suite, vstest } from '../support/suite.ts';

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
  ];

  test.each(ways)('%s', async (_, command, cwd) => {
    using sandbox = new Sandbox();
    const release = path.join(sandbox.path, 'release');
    const options = ['-mm', '--per-test-deadline', '1s', '--stacks', '-x', sandbox.session];
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
        trigger: { kind: 'deadline', detail: `test ${hangs} still ran after 1000 ms` },
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

test('where no test tells its start, --per-test-deadline says that it did nothing', async () => {
  using sandbox = new Sandbox();
  const outcome = await sandbox.run(['--per-test-deadline', '1m'], vstest('nunit-tests', 'Passes'));
  expect(outcome.code).toBe(0);
  expect(outcome.stderr).toMatch(/problem: --per-test-deadline had no effect.*no test.*\n.*--deadline/);
  expect(endRecord(sandbox.session)).toMatchObject({ exitCode: 0, problems: 1 });
});
