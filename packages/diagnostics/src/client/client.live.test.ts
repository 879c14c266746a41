import { readFileSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildFixture } from '../../test-fixtures/build.ts';
import { Subject } from '../../test-fixtures/subject.ts';
import { TemporaryFolder } from '../../test-fixtures/temporary-folder.ts';
import { DiagnosticsClient, DiagnosticsError, type DumpProgress, type RuntimeDumpKind } from '../index.ts';

beforeAll(async () => void (await buildFixture('subject')), 180_000);

const CLSID = '7A4C8E10-3B5D-4F6A-9C21-5D0E8B7F1A33';

async function failure(promise: Promise<unknown>): Promise<DiagnosticsError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DiagnosticsError);
  return error as DiagnosticsError;
}

describe('a real runtime', () => {
  test('tells about itself and its environment', async () => {
    await using subject = await Subject.start({ env: { FIRSTCHANCE_UMLAUT: 'gr\u00fc\u00df dich \u{1F600}' } });
    const client = await DiagnosticsClient.forProcess(subject.pid);
    const info = await client.processInfo();
    expect(info).toMatchObject({ processId: subject.pid, operatingSystem: 'Linux', entryAssembly: 'subject' });
    expect(info.commandLine).toMatch(/dotnet .*subject\.dll$/);
    expect(info.architecture).toBe(process.arch);
    expect(info.runtimeVersion).toMatch(/^10\.0\.\d+/);
    expect(info.runtimeIdentifier).toBe(`linux-${process.arch}`);
    expect(info.runtimeCookie).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    const environment = await client.environment();
    expect(environment.get('FIRSTCHANCE_UMLAUT')).toBe('gr\u00fc\u00df dich \u{1F600}');
    expect(environment.get('PATH')).toBe(process.env.PATH);
    expect(await subject.quit()).toBe(0);
  });

  test('an environment larger than one message comes whole', async () => {
    const big = 'x'.repeat(100_000);
    await using subject = await Subject.start({ env: { FIRSTCHANCE_BIG: big } });
    const client = await DiagnosticsClient.forProcess(subject.pid);
    expect((await client.environment()).get('FIRSTCHANCE_BIG')).toBe(big);
  });

  test('sets and removes an environment variable', async () => {
    await using subject = await Subject.start();
    const client = await DiagnosticsClient.forProcess(subject.pid);
    await client.setEnvironmentVariable('FIRSTCHANCE_SET', 'a b');
    expect((await client.environment()).get('FIRSTCHANCE_SET')).toBe('a b');
    await client.setEnvironmentVariable('FIRSTCHANCE_SET', null);
    expect((await client.environment()).has('FIRSTCHANCE_SET')).toBe(false);
    const error = await failure(client.setEnvironmentVariable('FIRSTCHANCE_SET', null));
    expect(error).toMatchObject({ code: 'invalid-argument', hresult: 0x800700cb });
    expect(await subject.quit()).toBe(0);
  });

  test.each<RuntimeDumpKind>(['mini', 'heap', 'triage', 'full'])('writes a %s dump', async (kind) => {
    await using folder = await TemporaryFolder.create();
    await using subject = await Subject.start();
    const client = await DiagnosticsClient.forProcess(subject.pid);
    const progress: DumpProgress[] = [];
    // %p and %e would be replaced by createdump if we let it.
    const path = folder.file(`100% %p ${kind}`);
    const dump = await client.writeDump({ path, kind, onProgress: (step) => progress.push(step) });
    expect(dump).toMatchObject({ path, visiblePath: path, bytes: statSync(path).size });
    expect(dump.bytes).toBeGreaterThan(1_000_000);
    const file = await open(path);
    const { buffer } = await file.read(Buffer.alloc(18), 0, 18, 0);
    await file.close();
    expect(buffer.subarray(0, 4).toString('latin1')).toBe('\x7fELF');
    expect(buffer.readUInt16LE(16)).toBe(4); // ET_CORE
    for (const { text, bytes } of progress) expect(text).toMatch(bytes ? /^the runtime has written/ : /is choosing/);
    expect(await subject.quit()).toBe(0);
  });

  test("a dump that fails brings createdump's own words, and the program lives on", async () => {
    await using subject = await Subject.start();
    const client = await DiagnosticsClient.forProcess(subject.pid);
    const error = await failure(client.writeDump({ path: '/no-such-folder/dump', kind: 'mini' }));
    expect(error.code).toBe('runtime-error');
    expect(error.hresult).toBe(0x80004005);
    expect(error.runtimeText).toContain('/no-such-folder/dump');
    expect(error.message).toContain('No such file or directory');
    expect((await failure(client.writeDump({ path: 'relative', kind: 'mini' }))).code).toBe('invalid-argument');
    expect(await subject.quit()).toBe(0);
  });

  test('refuses what would harm the target or cannot be', async () => {
    await using subject = await Subject.start();
    const client = await DiagnosticsClient.forProcess(subject.pid);
    expect((await failure(client.applyStartupHook('/no-such-hook.dll'))).code).toBe('invalid-argument');
    const missing = await failure(client.attachProfiler({ clsid: CLSID, path: '/no-such-profiler.so' }));
    expect(missing).toMatchObject({ code: 'runtime-error', hresult: 0x8007007e });
    expect((await failure(client.attachProfiler({ clsid: 'nonsense', path: '/x' }))).code).toBe('invalid-argument');
    const tooMuch = { clsid: CLSID, path: '/x', data: new Uint8Array(70_000) };
    expect((await failure(client.attachProfiler(tooMuch))).code).toBe('invalid-argument');
    await client.resume();
    expect(await subject.quit()).toBe(0);
  });

  test('writes a perf map until told to stop', async () => {
    await using subject = await Subject.start({ env: { DOTNET_PerfMapJitDumpPath: '/tmp' } });
    const path = `/tmp/perf-${subject.pid}.map`;
    const client = await DiagnosticsClient.forProcess(subject.pid);
    try {
      await client.enablePerfMap('perfmap');
      await subject.tell('throw 1');
      await client.disablePerfMap();
      expect(readFileSync(path, 'utf8')).toContain('ThrowAndCatch');
    } finally {
      await import('node:fs/promises').then(({ rm }) => rm(path, { force: true }));
    }
    expect(await subject.quit()).toBe(0);
  });
});

describe('a runtime that does not answer', () => {
  test('is given up after the time-out, and answers again afterwards', async () => {
    await using subject = await Subject.start();
    const client = await DiagnosticsClient.forProcess(subject.pid);
    await subject.freeze();
    const error = await failure(client.processInfo({ timeoutMs: 50 }));
    expect(error.code).toBe('timeout');
    expect(error.message).toContain(`process ${subject.pid}`);
    process.kill(subject.pid, 'SIGCONT');
    expect((await client.processInfo()).processId).toBe(subject.pid);
    expect(await subject.quit()).toBe(0);
  });

  test('is given up when the caller cancels', async () => {
    await using subject = await Subject.start();
    const client = await DiagnosticsClient.forProcess(subject.pid);
    await subject.freeze();
    const controller = new AbortController();
    const answer = failure(client.environment({ signal: controller.signal }));
    controller.abort('enough');
    expect(await answer).toMatchObject({ code: 'cancelled', cause: 'enough' });
    expect(await failure(client.environment({ signal: controller.signal }))).toMatchObject({ code: 'cancelled' });
    process.kill(subject.pid, 'SIGCONT');
  });

  test('because it ended meanwhile is named so', async () => {
    await using subject = await Subject.start();
    const client = await DiagnosticsClient.forProcess(subject.pid);
    await subject.freeze();
    const answer = failure(client.processInfo());
    // The connection stands before the kill: connect(2) on a listening socket does not wait for accept.
    await new Promise((resolve) => setImmediate(resolve));
    await subject.kill();
    expect((await answer).code).toBe('process-not-found');
    expect((await failure(client.processInfo())).code).toBe('process-not-found');
  });
});
