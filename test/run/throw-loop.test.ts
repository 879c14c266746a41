import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import {
  endRecord,
  firstchance,
  fixture,
  readCaptures,
  readManifest,
  temporaryFolder,
} from '../support/firstchance.ts';
import { leftovers } from '../support/leftovers.ts';

const program = ['dotnet', fixture('throw-loop'), '--rounds', '40'];

test('twenty dumps at twenty first-chance exceptions', async () => {
  using folder = temporaryFolder();
  const session = path.join(folder.path, 'session');
  const before = leftovers();
  const outcome = await firstchance(['run', '-mh', '-e', '1', '-n', '20', '-x', session, '--', ...program]);

  expect(outcome.code).toBe(0);
  expect(outcome.stdout).toBe('threw and caught 40 exceptions\n');
  expect(outcome.stderr).toContain('20 captures');

  const captures = readCaptures(session);
  expect(captures).toHaveLength(20);
  for (const capture of captures) {
    expect(capture).toMatchObject({ trigger: { kind: 'first-chance' }, captureMethod: 'clone', gc: 'idle' });
    expect(capture.process.runtime).toMatch(/^10\./);
    expect(capture.pauseMs).toBeGreaterThan(0);
    expect(capture.exception?.stack.map((frame) => frame.method).join()).toMatch(/Thrower|Repository|Program/);
    const file = path.join(session, capture.dump?.path ?? '');
    expect(statSync(file).size).toBe(capture.dump?.bytes);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
  }
  expect(new Set(captures.map((one) => one.exception?.type))).toEqual(
    new Set([
      'System.InvalidOperationException',
      'OrderException',
      'System.FormatException',
      'Repository<System.Int32>+NotFoundException',
      'System.OperationCanceledException',
      'System.IndexOutOfRangeException',
      'System.NullReferenceException',
      'System.ArgumentException',
      'System.TimeoutException',
    ]),
  );
  expect(endRecord(session)).toMatchObject({ exitCode: 0, captures: 20, checks: 0 });
  expect(statSync(session).mode & 0o777).toBe(0o700);
  expect(leftovers()).toEqual(before);
});

test('an exception is told with message, HRESULT, inner exception and source lines', async () => {
  using folder = temporaryFolder();
  const session = path.join(folder.path, 'session');
  await firstchance([
    'run',
    '-mm',
    '-e',
    '1',
    '-f',
    'OrderException: order*',
    '-n',
    '1',
    '-x',
    session,
    '--',
    ...program,
  ]);
  const [capture, ...others] = readCaptures(session);
  expect(others).toEqual([]);
  expect(capture?.exception).toMatchObject({
    type: 'OrderException',
    message: 'order 2 could not be read',
    hresult: -2146233088,
    inner: [{ type: 'System.FormatException', message: 'line 2 has 3 fields instead of 4' }],
  });
  expect(capture?.exception?.stack[0]).toMatchObject({
    method: 'Thrower.Wrapped(Int32)',
    module: 'throw-loop.dll',
    file: expect.stringMatching(/throw-loop\/Program\.cs$/),
  });
  expect(capture?.dump?.kind).toBe('mini');
  expect(capture?.dump?.bytes).toBeLessThan(2 * 2 ** 20);
});

test('the record of every capture names its files by paths within the session', async () => {
  using folder = temporaryFolder();
  const session = path.join(folder.path, 'session');
  await firstchance(['run', '-e', '1', '-n', '2', '-x', session, '--', ...program]);
  const records = readManifest(session);
  expect(records[0]).toMatchObject({ record: 'session', schema: 1, command: program });
  expect(
    records.every(
      (line) => line.schema === 1 && typeof line.session === 'string' && !Number.isNaN(Date.parse(String(line.time))),
    ),
  ).toBe(true);
  expect(readdirSync(path.join(session, 'captures')).sort()).toEqual([
    '0001-first-chance-InvalidOperationException',
    '0002-first-chance-OrderException',
  ]);
});

test('a second run into the same folder adds to it', async () => {
  using folder = temporaryFolder();
  const session = path.join(folder.path, 'session');
  for (const expected of [1, 2]) {
    await firstchance(['run', '-e', '1', '-n', '1', '-x', session, '--', ...program]);
    expect(readCaptures(session)).toHaveLength(expected);
  }
  expect(readManifest(session).filter((line) => line.record === 'end')).toHaveLength(2);
});
