import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { endRecord, fixture, readCaptures, readManifest } from '../support/firstchance.ts';
import { HeapTarget } from '../support/heap-target.ts';
import { Sandbox } from '../support/sandbox.ts';

const endless = ['dotnet', fixture('throw-loop'), '--delay', '20'];
const options = ['-mh', '-e', '1', '-n', '1000'];

test.each([
  ['SIGINT', 130, 'us'],
  ['SIGTERM', 143, 'us'],
  ['SIGHUP', 129, 'us'],
  // As timeout(1) and many a CI do.
  ['SIGTERM', 143, 'all of us'],
] as const)('%s reaches the command; captures under way are finished (%i, sent to %s)', async (signal, code, whom) => {
  using sandbox = new Sandbox();
  const args = ['run', ...options, '-x', sandbox.session, '--', ...endless];
  const running = sandbox.start(args, { detached: true });
  await running.until('firstchance 0003');
  process.kill((whom === 'us' ? 1 : -1) * (running.child.pid ?? 0), signal);
  const outcome = await running.end();
  expect(outcome.code).toBe(code);
  expect(outcome.stderr).toMatch(new RegExp(`^exit code ${code}: the command ended with ${code}$`, 'm'));
  expect(outcome.stderr).not.toContain('the engine ended');
  const captures = readCaptures(sandbox.session);
  expect(captures.length).toBeGreaterThan(2);
  expect(readdirSync(path.join(sandbox.session, 'captures'))).toEqual(captures.map((one) => one.id));
  expect(endRecord(sandbox.session)).toMatchObject({ exitCode: code, captures: captures.length });
  expect(
    readManifest(sandbox.session)
      .filter((line) => line.record === 'target')
      .at(-1),
  ).toHaveProperty('ended');
  expect(sandbox.leftovers()).toEqual([]);
});

test('a command that takes its time to end is waited for', async () => {
  using sandbox = new Sandbox();
  const slow = ['sh', '-c', 'trap "echo cleaning up; exit 7" INT; echo ready; while :; do sleep 0.1; done'];
  const running = sandbox.start(['run', '-x', sandbox.session, '--', ...slow]);
  await running.until('ready');
  running.child.kill('SIGINT');
  expect(await running.end()).toMatchObject({ code: 7, stdout: 'ready\ncleaning up\n' });
  expect(endRecord(sandbox.session)).toMatchObject({ exitCode: 7 });
  expect(sandbox.leftovers()).toEqual([]);
});

test('what the command left running in its tree ends with it when it is interrupted', async () => {
  using sandbox = new Sandbox();
  const child = `dotnet ${fixture('hang')} blocked`;
  const running = sandbox.start(['run', '-x', sandbox.session, '--', 'sh', '-c', `setsid ${child} & wait`]);
  await running.until('ready');
  running.child.kill('SIGTERM');
  expect((await running.end()).code).toBe(143);
  expect(sandbox.leftovers()).toEqual([]);
});

test('an attached session ends at Ctrl-C, the process goes on and can be attached to again', async () => {
  using sandbox = new Sandbox();
  await using target = await HeapTarget.start({ env: sandbox.env });
  for (const [index, signal] of (['SIGINT', 'SIGKILL', 'SIGTERM'] as const).entries()) {
    const folder = path.join(sandbox.path, `session-${index}`);
    const running = sandbox.start(['attach', String(target.pid), '-mm', '-e', '1', '-n', '1000', '-x', folder]);
    await running.until('firstchance 0001');
    running.child.kill(signal);
    const outcome = await running.end();
    expect(outcome.code ?? outcome.signal, outcome.stderr).toBe(signal === 'SIGKILL' ? signal : 0);
    expect(readCaptures(folder)[0]).toMatchObject({
      trigger: { kind: 'first-chance' },
      exception: { type: 'System.InvalidOperationException', message: 'from a worker' },
    });
    await target.expectUnharmed();
  }
});
