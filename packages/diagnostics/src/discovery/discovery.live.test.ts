import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, renameSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildFixture } from '../../test-fixtures/build.ts';
import { Subject } from '../../test-fixtures/subject.ts';
import { TemporaryFolder } from '../../test-fixtures/temporary-folder.ts';
import { DiagnosticsClient, DiagnosticsError, findProcesses } from '../index.ts';
import { locateProcess } from './process-endpoint.ts';

beforeAll(async () => void (await buildFixture('subject')), 180_000);

async function refusal(pid: number): Promise<DiagnosticsError> {
  const error = await DiagnosticsClient.forProcess(pid).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(DiagnosticsError);
  return error as DiagnosticsError;
}

describe('finding a runtime', () => {
  test('lists it with its socket and command line', async () => {
    await using folder = await TemporaryFolder.create();
    await using subject = await Subject.start({ env: { TMPDIR: folder.path } });
    const found = (await findProcesses()).find(({ pid }) => pid === subject.pid);
    expect(found).toMatchObject({ pid: subject.pid, namespacePid: subject.pid });
    expect(found?.socketPath).toBe(folder.file(`dotnet-diagnostic-${subject.pid}-${found?.startTime}-socket`));
    expect(found?.commandLine.at(-1)).toMatch(/subject\.dll$/);
    expect((await (await DiagnosticsClient.forProcess(subject.pid)).processInfo()).processId).toBe(subject.pid);
  });

  test('passes over the socket of an earlier process with the same pid', async () => {
    await using folder = await TemporaryFolder.create();
    await using subject = await Subject.start({ env: { TMPDIR: folder.path } });
    const { path, startTime } = locateProcess(subject.pid);
    const server = createServer();
    const stale = folder.file(`dotnet-diagnostic-${subject.pid}-${startTime - 1n}-socket`);
    await new Promise<void>((resolve) => server.listen(stale, resolve));
    expect(locateProcess(subject.pid).path).toBe(path);
    renameSync(path, `${path}.away`);
    expect(await refusal(subject.pid)).toMatchObject({ code: 'socket-missing' });
    server.close();
  });

  test('a killed process leaves its socket behind and is not found', async () => {
    await using folder = await TemporaryFolder.create();
    await using subject = await Subject.start({ env: { TMPDIR: folder.path } });
    const { path } = locateProcess(subject.pid);
    await subject.kill();
    expect(existsSync(path)).toBe(true);
    expect(await refusal(subject.pid)).toMatchObject({ code: 'process-not-found' });
    expect((await findProcesses()).some(({ pid }) => pid === subject.pid)).toBe(false);
    const client = DiagnosticsClient.forSocket(path);
    await expect(client.processInfo()).rejects.toMatchObject({ code: 'connection-failed' });
  });

  test('a relative TMPDIR is the working directory of the target', async () => {
    await using folder = await TemporaryFolder.create();
    mkdirSync(folder.file('inner'));
    const wrapper = ['env', '-C', folder.path];
    await using subject = await Subject.start({ wrapper, env: { TMPDIR: 'inner' } });
    const client = await DiagnosticsClient.forProcess(subject.pid);
    expect((await client.processInfo()).processId).toBe(subject.pid);
  });
});

describe('saying why a process cannot be reached', () => {
  test('no such process', async () => {
    for (const pid of [0, -1, 1.5, Number.NaN, 2 ** 22 + 1]) {
      expect(await refusal(pid)).toMatchObject({ code: 'process-not-found' });
    }
  });

  test('not .NET', async () => {
    const child = spawn('sleep', ['60']);
    await once(child, 'spawn');
    expect(await refusal(child.pid ?? 0)).toMatchObject({ code: 'not-dotnet' });
    child.kill();
    await once(child, 'exit');
  });

  test.each(['DOTNET_EnableDiagnostics', 'DOTNET_EnableDiagnostics_IPC'])('%s=0', async (name) => {
    await using subject = await Subject.start({ env: { [name]: '0' } });
    const error = await refusal(subject.pid);
    expect(error).toMatchObject({ code: 'diagnostics-disabled', cure: `start it without ${name}` });
    expect(error.message).toContain(`${name}=0`);
  });

  test('a TMPDIR too long for a socket', async () => {
    await using folder = await TemporaryFolder.create();
    const long = folder.file('x'.repeat(80));
    mkdirSync(long);
    await using subject = await Subject.start({ env: { TMPDIR: long } });
    const error = await refusal(subject.pid);
    expect(error.code).toBe('socket-missing');
    expect(error.why).toMatch(/TMPDIR is too long: .* has \d+ bytes, a socket path holds 107/);
    expect(await subject.quit()).toBe(0);
  });

  test('a TMPDIR that is not there', async () => {
    await using subject = await Subject.start({ env: { TMPDIR: '/no-such-folder' } });
    expect((await refusal(subject.pid)).why).toContain('/no-such-folder');
  });

  test.runIf(process.getuid?.() === 0)('a socket that somebody else put there', async () => {
    await using folder = await TemporaryFolder.create();
    await using subject = await Subject.start({ env: { TMPDIR: folder.path } });
    chownSync(locateProcess(subject.pid).path, 65534, 65534);
    expect(await refusal(subject.pid)).toMatchObject({ code: 'socket-missing' });
  });

  test.runIf(process.getuid?.() === 0)("another user's process", async () => {
    await using folder = await TemporaryFolder.create();
    await using hidden = await Subject.start({ env: { TMPDIR: folder.path } });
    await using visible = await Subject.start({ env: { TMPDIR: '/tmp' } });
    const client = await DiagnosticsClient.forProcess(visible.pid);
    const denied = { code: 'permission-denied' };
    // Its environment may not be read, so its TMPDIR is not known.
    expect(() => asNobody(() => locateProcess(hidden.pid))).toThrow(expect.objectContaining(denied));
    // connect(2) is called before processInfo() returns.
    await expect(asNobody(() => client.processInfo())).rejects.toMatchObject(denied);
    expect((await client.processInfo()).processId).toBe(visible.pid);
    expect(await visible.quit()).toBe(0);
  });
});

/** Nothing must be awaited in `call`: other work of this process is not to run as that user. */
function asNobody<T>(call: () => T): T {
  process.seteuid?.(65534);
  try {
    return call();
  } finally {
    process.seteuid?.(0);
  }
}

const mayUnshare = spawnSync('unshare', ['-m', '-p', '-f', 'true']).status === 0;

describe.runIf(mayUnshare)('a target in a container', () => {
  test('is reached through /proc/PID/root by its inner pid, however long the path gets', async () => {
    // 60 bytes fit for the target; with /proc/PID/root before them the path is longer than a socket address.
    const inner = `/tmp/${'y'.repeat(55)}`;
    const script = `mount -t tmpfs none /tmp && mkdir ${inner} && exec "$@"`;
    const wrapper = ['unshare', '-m', '-p', '-f', '--mount-proc', 'sh', '-c', script, 'sh'];
    await using subject = await Subject.start({ wrapper, env: { TMPDIR: inner } });
    const location = locateProcess(subject.pid);
    expect(location).toMatchObject({ pid: subject.pid, namespacePid: 1, root: `/proc/${subject.pid}/root` });
    expect(Buffer.byteLength(location.path)).toBeGreaterThan(107);
    expect(basename(location.path)).toMatch(/^dotnet-diagnostic-1-\d+-socket$/);
    const client = await DiagnosticsClient.forProcess(subject.pid);
    expect((await client.processInfo()).processId).toBe(1);
    const dump = await client.writeDump({ path: '/tmp/inside', kind: 'triage' });
    expect(dump).toMatchObject({ path: '/tmp/inside', visiblePath: `/proc/${subject.pid}/root/tmp/inside` });
    expect(dump.bytes).toBeGreaterThan(1_000_000);
    expect(existsSync('/tmp/inside')).toBe(false);
  });
});
