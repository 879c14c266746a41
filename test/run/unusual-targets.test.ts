import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { fixture, Running, readCaptures } from '../support/firstchance.ts';
import { HeapTarget } from '../support/heap-target.ts';
import { childrenOf } from '../support/processes.ts';
import { Sandbox } from '../support/sandbox.ts';
import { inMatrix } from '../support/scope.ts';
import { suite } from '../support/suite.ts';

/* Programs that are no ordinary `dotnet app.dll` on this machine: what works is done, what does not is said. */

/** A runtime without its debugging library, as trimmed images have it. Returns its `dotnet`. */
function runtimeWithoutDac(folder: string): string {
  const installed = path.dirname(realpathSync(execFileSync('which', ['dotnet'], { encoding: 'utf8' }).trim()));
  const [version = ''] = readdirSync(path.join(installed, 'shared/Microsoft.NETCore.App')).filter((name) =>
    name.startsWith('10.'),
  );
  for (const part of ['dotnet', 'host', `shared/Microsoft.NETCore.App/${version}`]) {
    const filter = (file: string) => !file.endsWith('libmscordaccore.so');
    mkdirSync(path.join(folder, path.dirname(part)), { recursive: true });
    cpSync(path.join(installed, part), path.join(folder, part), { recursive: true, filter });
  }
  return path.join(folder, 'dotnet');
}

test('a runtime without its debugging library: a dump without names, the exception as the agent saw it', async () => {
  using sandbox = new Sandbox();
  const dotnet = runtimeWithoutDac(path.join(sandbox.path, 'runtime'));
  const env = { DOTNET_ROOT: path.dirname(dotnet) };
  const outcome = await sandbox.run(['-e', '1', '-n', '1'], [dotnet, fixture('throw-loop'), '--rounds', '1'], { env });
  expect(outcome).toMatchObject({ code: 0, stdout: 'threw and caught 1 exceptions\n' });
  const [capture] = readCaptures(sandbox.session);
  expect(capture).toMatchObject({
    captureMethod: 'clone',
    exception: { type: 'System.InvalidOperationException', message: 'order 0 is already closed', stack: [] },
    threads: [],
  });
  expect(capture?.notes.join()).toMatch(/there is no libmscordaccore\.so/);
  expect(capture?.dump?.bytes).toBeGreaterThan(100_000);
  expect(outcome.stderr).toContain('InvalidOperationException: order 0 is already closed');
});

/** Only root may, and not in every container. */
function mayUnshare(): boolean {
  try {
    execFileSync('unshare', ['-m', '-p', '-f', '--mount-proc', 'mount', '-t', 'tmpfs', 'none', '/mnt'], {
      stdio: 'pipe',
    });
    return true;
  } catch {
    return false;
  }
}

test.runIf(mayUnshare())(
  'a container seen from outside: dumped with names and stacks, from its own files',
  async () => {
    using sandbox = new Sandbox();
    // Pids, /proc and the folder of the sockets are its own.
    const script = 'mount -t tmpfs none "$TMPDIR" && exec dotnet "$@"';
    const inside = ['unshare', '-m', '-p', '-f', '--mount-proc', 'sh', '-c', script, 'sh', fixture('heap')];
    await using target = await HeapTarget.start({ env: sandbox.env }, inside);
    const pid = String(childrenOf(target.launched)[0]);
    expect(pid).not.toBe(String(target.pid));

    const examined = await sandbox.firstchance(['doctor', pid]);
    expect(examined.stdout).toContain(`process ${pid} runs in a container, seen from outside`);
    expect((await sandbox.firstchance(['ps'])).stdout).toMatch(new RegExp(`${pid} +heap +10\\.\\S+ +clone`));
    const outcome = await sandbox.firstchance(['dump', pid, '-x', sandbox.session]);
    expect(outcome.code).toBe(0);
    const [capture] = readCaptures(sandbox.session);
    expect(capture).toMatchObject({ pid: Number(pid), captureMethod: 'clone', notes: [] });
    expect(capture?.threads.flatMap((thread) => thread.stack.map((frame) => frame.method)).join()).toContain(
      'BlockedThreads.Block(',
    );
    expect(capture?.topTypes.map((one) => one.type)).toContain('Order');
    await target.expectUnharmed();
  },
);

/* These are published first, which takes the SDK's runtime and compiler packs: in the matrix only. */
describe.runIf(inMatrix)('published programs', () => {
  const rounds = ['--rounds', '100', '--delay', '30'];
  let published: Sandbox;

  function publish(property: string): string {
    const source = path.join(published.path, property, 'fixtures');
    for (const name of ['throw-loop', 'Directory.Build.props']) {
      cpSync(suite(name), path.join(source, name), { recursive: true, filter: (file) => !/\/(bin|obj)$/.test(file) });
    }
    const out = path.join(published.path, property, 'out');
    const options = ['-c', 'Release', '--use-current-runtime', '--self-contained', '-nodeReuse:false', '-o', out];
    execFileSync('dotnet', ['publish', path.join(source, 'throw-loop'), ...options, `-p:${property}=true`], {
      stdio: 'pipe',
      env: { ...process.env, UseSharedCompilation: 'false' },
    });
    return path.join(out, 'throw-loop');
  }

  beforeAll(() => {
    published = new Sandbox();
    return () => published[Symbol.dispose]();
  });

  test('a single file is captured at its throws, without names of frames', { timeout: 600_000 }, async () => {
    const program = publish('PublishSingleFile');
    using sandbox = new Sandbox();
    const outcome = await sandbox.run(['-e', '1', '-n', '2'], [program, ...rounds]);
    expect(outcome).toMatchObject({ code: 0, stdout: 'threw and caught 100 exceptions\n' });
    const captures = readCaptures(sandbox.session);
    expect(captures).toHaveLength(2);
    for (const { exception, notes, dump } of captures) {
      expect(exception?.message).toEqual(expect.any(String));
      expect(notes.join()).toContain('a single-file program carries none');
      expect(dump?.bytes).toBeGreaterThan(100_000);
    }
  });

  test('of NativeAOT a core can be had, and no more is promised', { timeout: 600_000 }, async () => {
    const program = publish('PublishAot');
    using sandbox = new Sandbox();
    const running = new Running(program, ['--delay', '30'], { env: sandbox.env });
    const pid = String(running.child.pid);
    const dumped = await sandbox.firstchance(['dump', pid, '-ma', '-x', sandbox.session]);
    expect(dumped.code).toBe(0);
    expect(dumped.stdout + dumped.stderr).toContain('NativeAOT programs have none');
    const attached = await sandbox.firstchance(['attach', pid, '-e', '1']);
    expect(attached.code).toBe(93);
    expect(attached.stderr).toMatch(/no \.NET runtime is loaded in it.*\n.*Native AOT/);
    expect((await sandbox.firstchance(['doctor', pid])).stdout).toContain('this is NativeAOT');
    expect(running.child.exitCode).toBeNull();
    running.child.kill();
    expect(await running.end()).toMatchObject({ signal: 'SIGTERM' });
  });
});
