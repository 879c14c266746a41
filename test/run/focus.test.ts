import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { fixture, readCaptures } from '../support/firstchance.ts';
import { Sandbox } from '../support/sandbox.ts';

const run = promisify(execFile);
const MB = 2 ** 20;

interface OnStack {
  type: string;
  fields: Record<string, unknown>;
  message: string | null;
}

/** Its blocked threads throw when 300 MB of live objects lie on its heap. */
const program = ['dotnet', fixture('heap'), ...['--mb', '400', '--blocked', '5', '--workers', '0', '--pulse', '0']];
const onlyTest = ['-e', '1', '-f', 'TestException: *', '-n', '1'];

test('of a large heap a first-chance dump keeps the part near the exception, unless a kind is given', async () => {
  using sandbox = new Sandbox();
  await sandbox.run(onlyTest, program);
  const [capture] = readCaptures(sandbox.session);
  expect(capture?.exception).toMatchObject({ type: 'TestException', message: 'in flight in thread 4' });
  expect(capture?.dump).toMatchObject({ kind: 'focus' });
  expect(capture?.notes).toContainEqual(
    expect.stringMatching(/^heap of \d+ MB: kept the part near the exception \(focus\); -mh keeps all$/),
  );
  // 16 MB of objects, and what a dump of hello world holds.
  expect(capture?.dump?.bytes).toBeLessThan(24 * MB);

  const file = path.join(sandbox.session, capture?.dump?.path ?? '');
  const core = path.join(sandbox.path, 'dump.core');
  expect((await sandbox.firstchance(['unpack', file, '-o', core])).code).toBe(0);
  const { stdout } = await run('dotnet', [fixture('dump-reader'), core, '--parts', 'threads,stacks,modules'], {
    maxBuffer: 2 ** 28,
  });
  const { stacks } = JSON.parse(stdout) as { stacks: OnStack[] };
  expect(stacks).toContainEqual(
    expect.objectContaining({
      type: 'MarkerNode',
      fields: expect.objectContaining({ Text: 'local of thread 4', Number: 1004 }),
    }),
  );
  expect(stacks).toContainEqual(expect.objectContaining({ type: 'TestException', message: 'in flight in thread 4' }));
  if (existsSync('/usr/bin/lldb')) {
    const commands = ['-o', 'thread list', '-o', 'image list'];
    const lldb = await run('lldb', ['--batch', '--no-lldbinit', '--core', core, ...commands]);
    expect(lldb.stdout).toMatch(/thread #\d+/);
    expect(lldb.stdout).toContain('libcoreclr.so');
  }
});

test('a dump of a small heap is of kind heap, and of kind focus when asked for', async () => {
  using sandbox = new Sandbox();
  const small = program.map((word) => (word === '400' ? '8' : word));
  await sandbox.run(onlyTest, small);
  await sandbox.run(['--dump', 'focus', ...onlyTest], small);
  const [heap, focus] = readCaptures(sandbox.session);
  expect(heap?.dump?.kind).toBe('heap');
  expect(focus?.dump?.kind).toBe('focus');
  expect(focus?.dump?.rawBytes).toBeLessThan(heap?.dump?.rawBytes ?? 0);
  expect(focus?.notes.join('\n')).toMatch(/of the managed heap it holds \d+ objects on [\d.]+ MB/);
});
