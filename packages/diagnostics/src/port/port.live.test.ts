import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildFixture } from '../../test-fixtures/build.ts';
import { Subject } from '../../test-fixtures/subject.ts';
import { TemporaryFolder } from '../../test-fixtures/temporary-folder.ts';
import { DiagnosticPort } from '../index.ts';

beforeAll(async () => void (await buildFixture('subject')), 180_000);

const CLSID = '7A4C8E10-3B5D-4F6A-9C21-5D0E8B7F1A33';

describe('a reverse port', () => {
  test('holds a runtime before Main until it is resumed', async () => {
    await using folder = await TemporaryFolder.create();
    await using port = await DiagnosticPort.listen(folder.file('port'));
    const env = { DOTNET_DiagnosticPorts: port.environmentValue('suspend') };
    await using subject = await Subject.start({ env, suspended: true });
    const { client, processId, runtimeCookie } = await port.next();
    expect(processId).toBe(subject.pid);
    // Each command takes a connection of its own; the runtime comes back every time.
    expect(await client.processInfo()).toMatchObject({ processId: subject.pid, runtimeCookie });
    await client.setEnvironmentVariable('FIRSTCHANCE_EARLY', 'yes');
    await expect(client.attachProfiler({ clsid: CLSID, path: '/x.so' })).rejects.toMatchObject({
      code: 'not-available-now',
    });
    await client.startupProfiler({ clsid: CLSID, path: '/no-such-profiler.so' });
    await client.resume();
    expect(await subject.line()).toBe(`ready ${subject.pid}`);
    expect(await subject.tell('env FIRSTCHANCE_EARLY')).toBe('env yes');
    expect(await client.processInfo()).toMatchObject({ entryAssembly: 'subject' });
    await expect(client.startupProfiler({ clsid: CLSID, path: '/x.so' })).rejects.toMatchObject({
      code: 'not-available-now',
    });
    expect(await subject.quit()).toBe(0);
  });

  test('gives out each of several runtimes once', async () => {
    await using folder = await TemporaryFolder.create();
    await using port = await DiagnosticPort.listen(folder.file('port'));
    const env = { DOTNET_DiagnosticPorts: port.environmentValue('suspend') };
    await using first = await Subject.start({ env, suspended: true });
    await using second = await Subject.start({ env, suspended: true });
    const pids = new Set<number>();
    for await (const { client, processId } of port) {
      await client.resume();
      pids.add(processId);
      if (pids.size === 2) break;
    }
    expect(pids).toEqual(new Set([first.pid, second.pid]));
    expect(await first.line()).toBe(`ready ${first.pid}`);
    expect(await second.line()).toBe(`ready ${second.pid}`);
  });

  test('without suspension the program runs at once', async () => {
    await using folder = await TemporaryFolder.create();
    await using port = await DiagnosticPort.listen(folder.file('port'));
    const env = { DOTNET_DiagnosticPorts: port.environmentValue('nosuspend') };
    await using subject = await Subject.start({ env });
    const { client } = await port.next();
    expect((await client.processInfo()).processId).toBe(subject.pid);
  });

  test('strangers are sent away; closing ends waiting and removes the file', async () => {
    await using folder = await TemporaryFolder.create();
    const port = await DiagnosticPort.listen(folder.file('port'));
    const stranger = connect(port.path);
    const closed = new Promise((resolve) => stranger.once('close', resolve));
    stranger.on('error', () => {});
    stranger.end('GET / HTTP/1.1 this is nothing that a runtime would say\r\n');
    await closed;
    const waiting = port.next().catch((error: unknown) => error);
    await port[Symbol.asyncDispose]();
    expect(await waiting).toMatchObject({ code: 'port-failed' });
    expect(existsSync(port.path)).toBe(false);
  });

  test('waiting ends with the time-out or the signal', async () => {
    await using folder = await TemporaryFolder.create();
    await using port = await DiagnosticPort.listen(folder.file('port'));
    await expect(port.next({ timeoutMs: 20 })).rejects.toMatchObject({ code: 'timeout' });
    await expect(port.next({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('a path that cannot be', async () => {
    for (const path of ['relative', '/tmp/a,b', '/tmp/a;b', `/tmp/${'x'.repeat(110)}`]) {
      await expect(DiagnosticPort.listen(path)).rejects.toMatchObject({ code: 'invalid-argument' });
    }
    await expect(DiagnosticPort.listen('/no-such-folder/port')).rejects.toMatchObject({ code: 'port-failed' });
  });
});
