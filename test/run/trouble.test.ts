import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { fixture, type Outcome, Running } from '../support/firstchance.ts';
import { Sandbox } from '../support/sandbox.ts';

/** One sentence of ours that matches, no trace of the code behind it. */
function expectSentence({ stderr }: Outcome, text: RegExp): void {
  expect(stderr).toMatch(text);
  expect(stderr).not.toMatch(/^\s+at |node:internal|Error:|terminate called|undefined|\[object/m);
  expect(stderr.trimEnd().split('\n').length).toBeLessThan(8);
}

const program = ['dotnet', fixture('throw-loop'), '--rounds', '10'];

test.each([
  ['an unknown option', ['run', '--nosuch', '--', 'true'], /unknown option '--nosuch'/],
  ['a value that is no number', ['run', '-n', 'abc', '--', 'true'], /--count is "abc"; write a whole number/],
  ['no command', ['run'], /no command was given/],
  ['an unknown subcommand', ['rum'], /unknown command 'rum'/],
  ['a command that is not there', ['run', '--', 'no-such-command'], /Starting "no-such-command".*ENOENT.*PATH/],
  ['a command that is no program', ['run', '--', '/etc/passwd'], /Starting "\/etc\/passwd".*EACCES/],
  ['no such process to dump', ['dump', '4194300'], /there is no process 4194300/],
  ['no such process to attach to', ['attach', '4194300'], /there is no process 4194300/],
  ['no such process to look at', ['doctor', '4194300'], /there is no process 4194300/],
  ['a word where a pid should be', ['dump', 'shop'], /"shop" is no process id/],
  ['no such file to show', ['show', 'no-such-file'], /there is no file or folder no-such-file/],
  ['no such file to unpack', ['unpack', 'no.core.zst'], /there is no file no\.core\.zst/],
])('wrong usage: %s', async (_, args, text) => {
  using sandbox = new Sandbox();
  const outcome = await sandbox.firstchance(args);
  expect(outcome.code).toBe(64);
  expectSentence(outcome, text);
  expect(sandbox.leftovers()).toEqual([]);
});

test.each([
  ['an unknown key', '{"deadlin":"30s"}', /firstchance\.config\.json: unknown key "deadlin"; did you mean "deadline"/],
  ['a wrong value', '{"count":"many"}', /firstchance\.config\.json: .*count/],
  ['no JSON', '{"count":', /firstchance\.config\.json could not be read/],
])('a configuration with %s', async (_, text, sentence) => {
  using sandbox = new Sandbox();
  writeFileSync(path.join(sandbox.path, 'firstchance.config.json'), text);
  const outcome = await sandbox.firstchance(['run', '--', 'true']);
  expect(outcome.code).toBe(64);
  expectSentence(outcome, sentence);
});

test('a process that runs no .NET', async () => {
  using sandbox = new Sandbox();
  const sleeping = new Running('sleep', ['60'], { env: sandbox.env });
  const outcome = await sandbox.firstchance(['dump', String(sleeping.child.pid), '-x', sandbox.session]);
  expect(outcome.code).toBe(93);
  expectSentence(outcome, /it has no \.NET runtime loaded/);
});

test('diagnostics switched off: the run is warned of, and fails when captures are required', async () => {
  using sandbox = new Sandbox();
  const env = { DOTNET_EnableDiagnostics: '0' };
  const warned = await sandbox.run(['-e', '1'], program, { env });
  expect(warned).toMatchObject({ code: 0, stdout: 'threw and caught 10 exceptions\n' });
  expectSentence(warned, /diagnostics are switched off \(DOTNET_EnableDiagnostics=0\)/);
  const required = await sandbox.run(['-e', '1', '--require-capture'], program, { env });
  expect(required).toMatchObject({ code: 93, stdout: 'threw and caught 10 exceptions\n' });
  expectSentence(required, /^exit code 93: captures are not possible: .*DOTNET_EnableDiagnostics=0/m);
});

test.runIf(process.getuid?.() === 0)('an output folder that may not be written', async () => {
  using sandbox = new Sandbox();
  chmodSync(sandbox.path, 0o755);
  chmodSync(sandbox.temporary, 0o777);
  mkdirSync(sandbox.session, { mode: 0o755 });
  const outcome = await sandbox.run(['-e', '1'], program, { uid: 65534, gid: 65534, env: { HOME: sandbox.temporary } });
  expect(outcome).toMatchObject({ code: 93, stdout: '' });
  expectSentence(outcome, /session folder .*EACCES.*-x FOLDER/s);
});
