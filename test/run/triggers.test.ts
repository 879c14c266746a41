import { describe, expect, test } from 'vitest';
import { dotnet, fixture, readCaptures } from '../support/firstchance.ts';
import { Sandbox } from '../support/sandbox.ts';

/** Runs a fixture under firstchance in a session folder of its own. */
async function runIn(options: string[], name: string, ...args: string[]) {
  const sandbox = new Sandbox();
  const outcome = await sandbox.run(options, ['dotnet', fixture(name), ...args]);
  return { outcome, captures: readCaptures(sandbox.session), [Symbol.dispose]: () => sandbox[Symbol.dispose]() };
}

/** Runs a fixture that hangs until `said` is read, then interrupts firstchance as Ctrl-C and SIGTERM do. */
async function runUntil(said: string, signal: NodeJS.Signals, options: string[], name: string, ...args: string[]) {
  using sandbox = new Sandbox();
  const running = sandbox.start(['run', ...options, '-x', sandbox.session, '--', 'dotnet', fixture(name), ...args]);
  await running.until(said);
  running.child.kill(signal);
  const outcome = await running.end();
  expect(sandbox.leftovers()).toEqual([]);
  return { outcome, captures: readCaptures(sandbox.session) };
}

describe('a program that dies is captured once, and dies as it would have', () => {
  test.each([
    ['unhandled', 'System.InvalidOperationException', 'nobody catches this'],
    ['thread', 'System.OperationCanceledException', 'thrown on a thread of its own'],
    ['failfast', null, null],
    ['stackoverflow', null, null],
    ['segfault', null, null],
  ])('%s', async (how, type, message) => {
    const alone = await dotnet([fixture('crash'), how]);
    using run = await runIn(['-mm'], 'crash', how);
    expect(run.captures.map((one) => one.trigger.kind)).toEqual(['unhandled']);
    expect(run.outcome.stdout).toBe(alone.stdout);
    expect(run.outcome.stderr).toContain(alone.stderr.trim().split('\n')[0]);
    // A shell's way to say "ended by signal N" is 128 + N.
    expect(run.outcome.code).toBe(alone.code ?? { SIGABRT: 134, SIGSEGV: 139 }[String(alone.signal)]);
    if (type !== null) {
      expect(run.captures[0]?.exception).toMatchObject({ type, message });
    }
  });
});

describe('a program that hangs is captured at the deadline, with all stacks', () => {
  test.each([
    ['blocked', 'Hang.Blocked()'],
    ['deadlock', 'Hang.TakeBoth(System.Object, System.Object, System.Threading.Barrier)'],
    ['busy', 'Hang.Busy()'],
  ])('%s', async (mode, method) => {
    const options = ['-mm', '--deadline', '1s', '--stacks'];
    const { outcome, captures } = await runUntil('0001', 'SIGINT', options, 'hang', mode);
    expect(outcome.code).toBe(130);
    expect(captures.map((one) => one.trigger.kind)).toEqual(['deadline']);
    expect(captures[0]?.threads.flatMap((thread) => thread.stack.map((frame) => frame.method))).toContain(method);
    expect(outcome.stderr).toContain(method.split('(')[0]);
  });

  test('async: what is awaited is named', async () => {
    const { captures } = await runUntil('0001', 'SIGINT', ['-mm', '--deadline', '1s'], 'hang', 'async');
    const awaiting = JSON.stringify(captures[0]?.awaiting);
    expect(awaiting).toContain('LoadOrdersAsync');
    expect(awaiting).toContain('ReadPageAsync');
  });
});

test('-t captures at the exit', async () => {
  using run = await runIn(['-mm', '-t'], 'exit-codes', '7');
  expect(run.captures.map((one) => one.trigger.kind)).toEqual(['exit']);
  expect(run.outcome).toMatchObject({ code: 7, stdout: 'out\n' });
});

test('a program that does nothing wrong is not captured, and keeps its exit code and streams', async () => {
  using run = await runIn([], 'exit-codes', '3', 'exit');
  expect(run.captures).toEqual([]);
  expect(run.outcome).toMatchObject({ code: 3, stdout: 'out\n' });
  expect(run.outcome.stderr).toContain('err\n');
});

test('-f includes and excludes by type, base type and message', async () => {
  using run = await runIn(
    ['-mm', '-e', '1', '-n', '50', '-f', 'System.SystemException', '-f', '!*Format*'],
    'throw-loop',
    '--rounds',
    '10',
  );
  const types = run.captures.map((one) => one.exception?.type);
  expect(types).toContain('System.InvalidOperationException');
  expect(types).toContain('System.NullReferenceException');
  expect(types).not.toContain('System.FormatException');
  expect(types).not.toContain('OrderException');
});

test('the whole process tree is watched', async () => {
  using run = await runIn(['-mm', '-e', '1', '-n', '10', '-f', '*in child*'], 'children', '3');
  expect(run.outcome).toMatchObject({ code: 0, stdout: '3 children ended\n' });
  expect(run.captures.map((one) => one.exception?.message).sort()).toEqual(['in child 0', 'in child 1', 'in child 2']);
  expect(new Set(run.captures.map((one) => one.pid)).size).toBe(3);
});

test('--max-memory captures above the threshold', async () => {
  const under = await runUntil('ready', 'SIGTERM', ['-mm', '--max-memory', '400'], 'hang', 'blocked');
  expect(under.outcome.code).toBe(143);
  expect(under.captures).toEqual([]);
  using over = await runIn(['-mm', '--max-memory', '20'], 'throw-loop', '--rounds', '40', '--delay', '100');
  expect(over.captures.map((one) => one.trigger.kind)).toEqual(['memory']);
});

test('-l prints every exception as it flies by, captured or not', async () => {
  using run = await runIn(['-l', '-mm', '-e', '1', '-n', '1'], 'throw-loop', '--rounds', '10');
  expect(run.captures).toHaveLength(1);
  for (const text of [
    ' InvalidOperationException: order 0 is already closed',
    ' FormatException: line 2 has 3 fields instead of 4',
    ' OrderException: order 2 could not be read',
    ' TimeoutException: no answer for 9',
  ]) {
    expect(run.outcome.stderr).toContain(text);
  }
  expect(run.outcome.stdout).toBe('threw and caught 10 exceptions\n');
});
