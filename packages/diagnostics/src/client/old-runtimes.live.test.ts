import { statSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildSubject, Subject } from '../../test-fixtures/subject.ts';
import { TemporaryFolder } from '../../test-fixtures/temporary-folder.ts';
import { DiagnosticsClient, decodeExceptionThrown, EXCEPTION_KEYWORD, RUNTIME_PROVIDER } from '../index.ts';

describe.each([
  { framework: 'net8.0', version: /^8\.0\./, collect: 'CollectTracing2' },
  { framework: 'net9.0', version: /^9\.0\./, collect: 'CollectTracing4' },
] as const)('a real runtime of $framework', ({ framework, version, collect }) => {
  beforeAll(async () => void (await buildSubject(framework)), 300_000);

  test('tells about itself, writes a dump, sends events', async () => {
    await using folder = await TemporaryFolder.create();
    await using subject = await Subject.start({ framework });
    const client = await DiagnosticsClient.forProcess(subject.pid);
    const info = await client.processInfo();
    expect(info).toMatchObject({ processId: subject.pid, entryAssembly: 'subject' });
    expect(info.runtimeVersion).toMatch(version);
    const path = folder.file('50%');
    expect(await client.writeDump({ path, kind: 'mini' })).toMatchObject({ bytes: statSync(path).size });
    const failed = client.writeDump({ path: '/no-such-folder/dump', kind: 'mini' });
    await expect(failed).rejects.toMatchObject({ runtimeText: expect.stringContaining('No such file or directory') });
    const providers = [{ name: RUNTIME_PROVIDER, keywords: EXCEPTION_KEYWORD, level: 2 } as const];
    await using session = await client.startEventPipe({ providers });
    expect(session.command).toBe(collect);
    expect(await subject.tell('throw 2')).toBe('threw 2');
    await session.stop();
    const messages: string[] = [];
    for await (const event of session) messages.push(decodeExceptionThrown(event)?.message ?? '');
    expect(messages.filter(Boolean)).toEqual(['number 0', 'number 1']);
    expect(session.trace).toMatchObject({ isComplete: true, gaps: [] });
    expect(await subject.quit()).toBe(0);
  });
});
