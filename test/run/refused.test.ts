import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { compile } from '../support/c.ts';
import { cli, endRecord, fixture, Running, readCaptures, readManifest } from '../support/firstchance.ts';
import { HeapTarget } from '../support/heap-target.ts';
import { statusOf } from '../support/processes.ts';
import { Sandbox } from '../support/sandbox.ts';

const program = ['dotnet', fixture('throw-loop'), '--rounds', '10'];
const root = process.getuid?.() === 0;

/* Processes that may not be traced: what is said, what still works, and the target goes on. */

describe('a seccomp filter forbids ptrace', () => {
  /** firstchance under the filter; what it starts is under it too, other processes are not. */
  const denied = (sandbox: Sandbox, args: readonly string[]) =>
    new Running(compile('deny-ptrace', sandbox.path), [process.execPath, cli, ...args], {
      env: sandbox.env,
      cwd: sandbox.path,
    }).end();

  test('a run warns, names the cause and lets the program run', async () => {
    using sandbox = new Sandbox();
    const outcome = await denied(sandbox, ['run', '-mm', '-e', '1', '-x', sandbox.session, '--', ...program]);
    expect(outcome).toMatchObject({ code: 0, stdout: 'threw and caught 10 exceptions\n' });
    expect(outcome.stderr).toMatch(/problem: an exception could not be captured.*seccomp.*\n.*--cap-add=SYS_PTRACE/);
    expect(endRecord(sandbox.session)).toMatchObject({ exitCode: 0, captures: 0 });
    expect(sandbox.leftovers()).toEqual([]);
  });

  test('a run that requires captures ends with 93', async () => {
    using sandbox = new Sandbox();
    const options = ['-mm', '-e', '1', '--require-capture'];
    const outcome = await denied(sandbox, ['run', ...options, '-x', sandbox.session, '--', ...program]);
    expect(outcome).toMatchObject({ code: 93, stdout: 'threw and caught 10 exceptions\n' });
    expect(outcome.stderr).toMatch(/^exit code 93: captures are not possible: .*seccomp/m);
  });

  test("a dump goes down to the runtime's own createdump, and says so", async () => {
    using sandbox = new Sandbox();
    await using target = await HeapTarget.start({ env: sandbox.env });
    const outcome = await denied(sandbox, ['dump', String(target.pid), '-mm', '-x', sandbox.session]);
    expect(outcome.code).toBe(0);
    expect(readCaptures(sandbox.session)).toMatchObject([{ captureMethod: 'createdump', pauseMs: null }]);
    expect(readCaptures(sandbox.session)[0]?.notes.join()).toMatch(/createdump.*no snapshot was possible.*seccomp/);
    await target.expectUnharmed();
  });

  test('with diagnostics switched off as well, both reasons are told', async () => {
    using sandbox = new Sandbox();
    await using target = await HeapTarget.start({ env: { ...sandbox.env, DOTNET_EnableDiagnostics: '0' } });
    const outcome = await denied(sandbox, ['dump', String(target.pid), '-mm', '-x', sandbox.session]);
    expect(outcome.code).toBe(93);
    expect(outcome.stderr).toMatch(/no snapshot could be taken .*seccomp.*createdump failed too .*switched off/);
    expect(endRecord(sandbox.session)).toMatchObject({ exitCode: 93, captures: 0, problems: 1 });
    expect(readdirSync(path.join(sandbox.session, 'captures'))).toEqual([]);
    await target.expectUnharmed();
  });
});

test('a process that is traced already', async () => {
  using sandbox = new Sandbox();
  await using target = await HeapTarget.start({ env: sandbox.env });
  const tracer = new Running(compile('tracer', sandbox.path), [String(target.pid)], {
    stdin: 'pipe',
    env: sandbox.env,
  });
  await tracer.until('ready');
  const outcome = await sandbox.firstchance(['dump', String(target.pid), '-x', sandbox.session]);
  expect(outcome.code).toBe(93);
  expect(outcome.stderr).toContain(`'tracer' (process ${tracer.child.pid}) traces it already`);
  expect(outcome.stderr).toContain('A process can have one tracer');
  const examined = await sandbox.firstchance(['doctor', String(target.pid)]);
  expect(examined.stdout).toContain(`is traced by process ${tracer.child.pid} already`);
  expect(statusOf(target.pid, 'TracerPid')).toBe(String(tracer.child.pid));
  tracer.child.stdin?.end();
  await tracer.end();
  await target.expectUnharmed();
});

test('diagnostics switched off: a dump is taken all the same, an attach is refused', async () => {
  using sandbox = new Sandbox();
  await using target = await HeapTarget.start({ env: { ...sandbox.env, DOTNET_EnableDiagnostics: '0' } });
  const dumped = await sandbox.firstchance(['dump', String(target.pid), '-mm', '-x', sandbox.session]);
  expect(dumped.code).toBe(0);
  expect(readCaptures(sandbox.session)).toMatchObject([{ captureMethod: 'clone' }]);
  const attached = await sandbox.firstchance(['attach', String(target.pid), '-e', '1', '-x', sandbox.session]);
  expect(attached.code).toBe(93);
  expect(attached.stderr).toMatch(/could not attach .*switched off \(DOTNET_EnableDiagnostics=0\)/);
  const examined = await sandbox.firstchance(['doctor', String(target.pid)]);
  expect(examined).toMatchObject({ code: 0, stdout: expect.stringContaining('DOTNET_EnableDiagnostics=0 is set') });
  await target.expectUnharmed();
});

test.runIf(root)("another user's process", async () => {
  using sandbox = new Sandbox();
  await using target = await HeapTarget.start();
  using theirs = new Sandbox(65534);
  const nobody = { uid: 65534, gid: 65534, env: { HOME: theirs.temporary, TMPDIR: path.dirname(sandbox.path) } };
  const dumped = await theirs.firstchance(['dump', String(target.pid), '-x', theirs.session], nobody);
  expect(dumped.code).toBe(93);
  expect(dumped.stderr).toMatch(/it runs as user 0, we as user 65534.*\n.*Run firstchance as that user/);
  expect(readManifest(theirs.session).at(-1)).toMatchObject({ record: 'end', exitCode: 93 });
  const examined = await theirs.firstchance(['doctor', String(target.pid)], nobody);
  expect(examined.code).toBe(93);
  expect(examined.stdout).toContain('belongs to user 0, not to you (65534)');
  expect(examined.stdout).not.toMatch(/no \.NET|container, seen/);
  await target.expectUnharmed();
});
