import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { endRecord, readCaptures } from '../support/firstchance.ts';
import { Sandbox } from '../support/sandbox.ts';
import { executable, ourLeftovers, records, testStates, vstest } from '../support/suite.ts';

/*
 * What may happen to a test run, on both platforms; the rest of the table for all runners (issue: test/runners/scenarios) is
 * in the files beside this one: pass, failed assertion, exceptions in passing and failing tests (frameworks), async hang (hang),
 * leak and no leak (growth, ledger).
 */

const HANGS = 'Suite.OrderTests.Hangs';
const PLATFORMS = [
  { platform: 'VSTest', process: 'testhost', command: vstest('xunit2-tests', 'Hangs') },
  {
    ...{ platform: 'Microsoft.Testing.Platform', process: 'xunit3-tests' },
    command: [executable('xunit3-tests'), '--filter-method', HANGS],
  },
];

describe.each(PLATFORMS)('$platform', ({ process, command }) => {
  const blocks = [
    ['a test that blocks its thread', 'block', 'Shop.Orders.Block('],
    // xunit v2 tells that a test starts only when its class has been made.
    ...(process === 'testhost' ? [] : [['a set-up that blocks', 'block-set-up', 'Shop.Orders.SetUp(']]),
  ] as [string, string, string][];

  test.each(blocks)('%s is captured with its stack, and its process ended', async (_, does, method) => {
    using sandbox = new Sandbox();
    const outcome = await sandbox.run(['-mm', '--per-test-deadline', '1500ms'], command, { env: { SUITE_DOES: does } });
    expect(outcome.code).not.toBe(0);
    const [capture, ...others] = readCaptures(sandbox.session);
    expect(others).toEqual([]);
    expect(capture).toMatchObject({ trigger: { kind: 'deadline' }, test: { title: [HANGS], candidates: 1 } });
    const stacks = JSON.stringify(capture?.threads);
    expect(stacks).toContain(method);
    expect(stacks).toContain('System.Threading.ManualResetEventSlim.Wait(');
    expect(testStates(sandbox.session)).toEqual({ [HANGS]: ['started', 'timed-out'] });
    expect(ourLeftovers(sandbox)).toEqual([]);
  });

  test('an exception that nobody catches ends the process: captured, the test failed', async () => {
    using sandbox = new Sandbox();
    const outcome = await sandbox.run(['-mm'], command, { env: { SUITE_DOES: 'crash' } });
    expect(outcome.code).not.toBe(0);
    expect(readCaptures(sandbox.session)).toMatchObject([
      {
        trigger: { kind: 'unhandled' },
        process: { name: process },
        exception: { type: 'System.InvalidOperationException', message: 'nobody catches this' },
        test: { title: [HANGS], candidates: 1 },
      },
    ]);
    expect(testStates(sandbox.session)).toEqual({ [HANGS]: ['started', 'failed'] });
    expect(records(sandbox.session, 'result')).toMatchObject([{ kept: true, testState: 'failed' }]);
    expect(endRecord(sandbox.session)).toMatchObject({ exitCode: outcome.code, captures: 1 });
    expect(ourLeftovers(sandbox)).toEqual([]);
  });

  test('a process that is killed: its test failed, the session is whole', async () => {
    using sandbox = new Sandbox();
    const outcome = await sandbox.run(['-mm'], command, { env: { SUITE_DOES: 'die' } });
    expect(outcome.code).not.toBe(0);
    expect(testStates(sandbox.session)).toEqual({ [HANGS]: ['started', 'failed'] });
    expect(endRecord(sandbox.session)).toMatchObject({ exitCode: outcome.code, captures: 0 });
    expect(ourLeftovers(sandbox)).toEqual([]);
  });

  test('Ctrl-C while a test runs ends everything', async () => {
    using sandbox = new Sandbox();
    const running = sandbox.start(['run', '--json', '-mm', '-x', sandbox.session, '--', ...command], {
      env: { SUITE_HANG_UNTIL: path.join(sandbox.path, 'never') },
    });
    await running.until('"state":"started"');
    running.child.kill('SIGINT');
    // A test platform that has got as far as to handle it waits for its test, as it would without us: then it is killed.
    const insist = running.until('once more kills it').then(() => running.child.kill('SIGINT'));
    insist.catch(() => {});
    const outcome = await running.end();
    expect(outcome.code).not.toBe(0);
    expect(testStates(sandbox.session)[HANGS]?.[0]).toBe('started');
    expect(records(sandbox.session, 'end')).toHaveLength(1);
    expect(ourLeftovers(sandbox)).toEqual([]);
  });
});
