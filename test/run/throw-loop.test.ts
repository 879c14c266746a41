import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { captureDetailSchema, manifestRecordSchema, sessionFileSchema } from '@firstchance/model';
import { expect, test } from 'vitest';
import { endRecord, fixture, readCaptures, readManifest } from '../support/firstchance.ts';
import { Sandbox } from '../support/sandbox.ts';

const program = ['dotnet', fixture('throw-loop'), '--rounds', '40'];

/** The session folder and everything in it, with modes. */
function filesOf(folder: string): { name: string; mode: number; directory: boolean }[] {
  return ['.', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })].map((name) => {
    const stat = statSync(path.join(folder, name));
    return { name, mode: stat.mode & 0o777, directory: stat.isDirectory() };
  });
}

test('twenty dumps at twenty first-chance exceptions', async () => {
  using sandbox = new Sandbox();
  const outcome = await sandbox.run(['-mh', '-e', '1', '-n', '20'], program);

  expect(outcome.code).toBe(0);
  expect(outcome.stdout).toBe('threw and caught 40 exceptions\n');
  expect(outcome.stderr).toContain('20 captures');

  const captures = readCaptures(sandbox.session);
  expect(captures).toHaveLength(20);
  for (const capture of captures) {
    expect(capture).toMatchObject({ trigger: { kind: 'first-chance' }, captureMethod: 'clone', gc: 'idle' });
    expect(capture.process).toMatchObject({ name: 'throw-loop', runtime: expect.stringMatching(/^10\./) });
    expect(capture.pauseMs).toBeGreaterThan(0);
    expect(capture.exception?.stack.map((frame) => frame.method).join()).toMatch(/Thrower|Repository|Program/);
    expect(statSync(path.join(sandbox.session, capture.dump?.path ?? '')).size).toBe(capture.dump?.bytes);
    expect(capture.topTypes.length).toBeGreaterThan(5);
    expect(capture.threads.length).toBeGreaterThan(1);
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
  expect(endRecord(sandbox.session)).toMatchObject({ exitCode: 0, captures: 20, checks: 0, problems: 0 });
  // What keeps memory alive, for the picture in the report: a run takes little time for it, the command as much as it needs.
  expect((await sandbox.firstchance(['report', sandbox.session])).code).toBe(0);
  for (const { dominators } of readCaptures(sandbox.session))
    expect(dominators?.some(({ type }) => type.startsWith('System.Collections.'))).toBe(true);
  expect(sandbox.leftovers()).toEqual([]);
});

test('every file is private, and keeps to its published schema', async () => {
  using sandbox = new Sandbox();
  await sandbox.run(['-e', '1', '-n', '2'], program);
  const files = filesOf(sandbox.session);
  expect(files.map((file) => file.name).sort()).toEqual([
    '.',
    '.gitignore',
    'captures',
    'captures/0001-first-chance-InvalidOperationException',
    'captures/0001-first-chance-InvalidOperationException/capture.json',
    'captures/0001-first-chance-InvalidOperationException/dump.core.zst',
    'captures/0002-first-chance-OrderException',
    'captures/0002-first-chance-OrderException/capture.json',
    'captures/0002-first-chance-OrderException/dump.core.zst',
    'junit.xml',
    'manifest.jsonl',
    'report.html',
    'session.json',
    'summary.md',
  ]);
  expect(files.filter((file) => file.mode !== (file.directory ? 0o700 : 0o600))).toEqual([]);

  const json = (name: string): unknown => JSON.parse(readFileSync(path.join(sandbox.session, name), 'utf8'));
  expect(sessionFileSchema.parse(json('session.json'))).toMatchObject({ command: program, exitCode: 0 });
  for (const { name } of files.filter((file) => file.name.endsWith('capture.json'))) {
    captureDetailSchema.parse(json(name));
  }
  const records = readManifest(sandbox.session).map((line) => manifestRecordSchema.parse(line));
  expect(records[0]).toMatchObject({ record: 'session', schema: 1, command: program });
  expect(records.at(-1)).toMatchObject({ record: 'end', schema: 1 });
  expect(new Set(records.map((record) => record.session)).size).toBe(1);
  expect(records.filter((record) => record.record === 'target').at(-1)).toMatchObject({ agent: 'loaded', exitCode: 0 });
});

test('an exception is told with message, HRESULT, inner exception and source lines', async () => {
  using sandbox = new Sandbox();
  await sandbox.run(['-mm', '-e', '1', '-f', 'OrderException: order*', '-n', '1'], program);
  const [capture, ...others] = readCaptures(sandbox.session);
  expect(others).toEqual([]);
  const source = readFileSync(path.join(path.dirname(fixture('throw-loop')), '../Program.cs'), 'utf8');
  const lineOf = (text: string) => source.split('\n').findIndex((line) => line.includes(text)) + 1;
  expect(capture?.exception).toMatchObject({
    type: 'OrderException',
    message: 'order 2 could not be read',
    hresult: -2146233088,
    inner: [{ type: 'System.FormatException', message: 'line 2 has 3 fields instead of 4' }],
  });
  const stack = (capture?.exception?.stack ?? []).filter((frame) => frame.module === 'throw-loop.dll');
  expect(stack.every((frame) => frame.file?.endsWith('fixtures/throw-loop/Program.cs'))).toBe(true);
  // Thrown out of a catch block, which is a frame of its own: the method's first frame is the block, its second the try.
  expect(stack.slice(0, 4).map(({ method, line }) => [method, line])).toEqual([
    ['Thrower.Wrapped(Int32)', lineOf('could not be read')],
    ['Thrower.Wrapped(Int32)', lineOf('has 3 fields')],
    ['Thrower.Kind(Int32)', lineOf('case 2: Wrapped')],
    ['Thrower.Throw(Int32)', lineOf('Kind(round);')],
  ]);
  expect(capture?.dump?.kind).toBe('mini');
  expect(capture?.dump?.bytes).toBeLessThan(2 * 2 ** 20);
});

test('a second run into the same folder adds to it, and two at once are both whole', async () => {
  using sandbox = new Sandbox();
  const options = ['-mm', '-e', '1', '-n', '1'];
  await sandbox.run(options, program);
  expect(readCaptures(sandbox.session)).toHaveLength(1);
  const both = await Promise.all([sandbox.run(options, program), sandbox.run(options, program)]);
  expect(both.map((outcome) => outcome.code)).toEqual([0, 0]);
  expect(readCaptures(sandbox.session)).toHaveLength(3);
  const ends = readManifest(sandbox.session).filter((line) => line.record === 'end');
  expect(ends.map((line) => line.captures)).toEqual([1, 1, 1]);
  expect(new Set(ends.map((line) => line.session)).size).toBe(3);
});

test('--json tells the records as they happen, and the program speaks on standard error', async () => {
  using sandbox = new Sandbox();
  const outcome = await sandbox.run(['--json', '-mm', '-e', '1', '-n', '3'], program);
  const records = outcome.stdout.trimEnd().split('\n');
  expect(records.map((line) => JSON.parse(line))).toEqual(readManifest(sandbox.session));
  expect(outcome.stderr).toContain('threw and caught 40 exceptions\n');
});
