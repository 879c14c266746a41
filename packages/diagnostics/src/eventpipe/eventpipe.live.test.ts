import { beforeAll, describe, expect, test } from 'vitest';
import { buildFixture } from '../../test-fixtures/build.ts';
import { Subject } from '../../test-fixtures/subject.ts';
import {
  DiagnosticsClient,
  decodeExceptionThrown,
  decodeFields,
  EXCEPTION_KEYWORD,
  RUNTIME_PROVIDER,
  type TraceEvent,
} from '../index.ts';

beforeAll(async () => void (await buildFixture('subject')), 180_000);

const exceptions = { name: RUNTIME_PROVIDER, keywords: EXCEPTION_KEYWORD, level: 2 } as const;

describe('an event session', () => {
  test('brings the exceptions of a throwing process and the events of its own source', async () => {
    await using subject = await Subject.start();
    const client = await DiagnosticsClient.forProcess(subject.pid);
    await using session = await client.startEventPipe({ providers: [exceptions, { name: 'Firstchance-Subject' }] });
    expect(session.command).toBe('CollectTracing5');
    expect(await subject.tell('throw 3')).toBe('threw 3');
    expect(await subject.tell('log hello')).toBe('logged');
    await session.stop();
    const events: TraceEvent[] = [];
    for await (const event of session) events.push(event);
    const thrown = events.map((event) => decodeExceptionThrown(event)).filter((item) => item !== null);
    expect(thrown.map(({ type, message }) => [type, message])).toEqual([
      ['SubjectException', 'number 0'],
      ['SubjectException', 'number 1'],
      ['SubjectException', 'number 2'],
    ]);
    expect(thrown[0]).toMatchObject({ hresult: -2146233088, isNested: false, isRethrown: false });
    const told = events.find(({ type }) => type.name === 'Told');
    expect(told?.type).toMatchObject({ provider: 'Firstchance-Subject', id: 1, level: 4 });
    expect(told && { ...decodeFields(told) }).toEqual({ text: 'hello', length: 5, isTrue: true });
    expect(told?.stack.length).toBeGreaterThan(1);
    expect(session.trace).toMatchObject({ isComplete: true, gaps: [] });
    expect(session.trace?.info).toMatchObject({ formatVersion: 4, processId: subject.pid, pointerBytes: 8 });
    expect(await subject.quit()).toBe(0);
  });

  test('may be stopped from inside the iteration', async () => {
    await using subject = await Subject.start();
    const client = await DiagnosticsClient.forProcess(subject.pid);
    await using session = await client.startEventPipe({ providers: [exceptions], rundown: true });
    await subject.tell('throw 1');
    let rundown = 0;
    for await (const event of session) {
      if (decodeExceptionThrown(event)) await session.stop();
      if (event.type.provider === 'Microsoft-Windows-DotNETRuntimeRundown') rundown++;
    }
    expect(rundown).toBeGreaterThan(100);
    expect(session.trace?.isComplete).toBe(true);
    expect(await subject.quit()).toBe(0);
  });

  test('lets only the wanted event ids through', async () => {
    await using subject = await Subject.start();
    const client = await DiagnosticsClient.forProcess(subject.pid);
    const providers = [{ name: RUNTIME_PROVIDER, eventIds: { only: [80] }, level: 5 } as const];
    await using session = await client.startEventPipe({ providers, stacks: false });
    await subject.tell('throw 2');
    await session.stop();
    const events: TraceEvent[] = [];
    for await (const event of session) {
      if (event.type.provider === RUNTIME_PROVIDER) events.push(event);
    }
    expect(events.map(({ type, stack }) => [type.id, stack.length])).toEqual([
      [80, 0],
      [80, 0],
    ]);
  });

  test('counts what the runtime dropped: read and lost make all', async () => {
    await using subject = await Subject.start();
    const client = await DiagnosticsClient.forProcess(subject.pid);
    await using session = await client.startEventPipe({ providers: [exceptions], bufferMB: 1 });
    // Nobody reads while it throws: the buffer of 1 MB and the socket run full.
    expect(await subject.tell('throw 50000')).toBe('threw 50000');
    let read = 0;
    const stopped = session.stop();
    for await (const event of session) if (decodeExceptionThrown(event)) read++;
    await stopped;
    const lost = session.trace?.gaps.reduce((sum, { count }) => sum + count, 0) ?? 0;
    expect(lost).toBeGreaterThan(0);
    expect(read + lost).toBe(50_000);
    expect(await subject.quit()).toBe(0);
  });

  test('that nobody reads or stops is ended by leaving its block', async () => {
    await using subject = await Subject.start();
    const client = await DiagnosticsClient.forProcess(subject.pid);
    {
      await using session = await client.startEventPipe({ providers: [exceptions] });
      expect(session.id).not.toBe(0n);
      await subject.tell('throw 10');
    }
    expect((await client.processInfo()).processId).toBe(subject.pid);
    expect(await subject.quit()).toBe(0);
  });

  test('ends without its proper end when the process is killed', async () => {
    await using subject = await Subject.start();
    const client = await DiagnosticsClient.forProcess(subject.pid);
    await using session = await client.startEventPipe({ providers: [exceptions] });
    await subject.tell('throw 2');
    let seen = 0;
    for await (const event of session) {
      if (decodeExceptionThrown(event) && ++seen === 2) await subject.kill();
    }
    expect(seen).toBe(2);
    expect(session.trace?.isComplete).toBe(false);
  });

  test('comes to its proper end when the process ends by itself', async () => {
    await using subject = await Subject.start();
    const client = await DiagnosticsClient.forProcess(subject.pid);
    await using session = await client.startEventPipe({ providers: [exceptions] });
    // Without it, one process in five of those that end at once takes its events with it.
    await session.begun();
    await subject.tell('throw 2');
    expect(await subject.quit()).toBe(0);
    let seen = 0;
    for await (const event of session) if (decodeExceptionThrown(event)) seen++;
    expect(seen).toBe(2);
    expect(session.trace).toMatchObject({ isComplete: true, gaps: [] });
  });

  test('stops giving events when the caller cancels', async () => {
    await using subject = await Subject.start();
    const client = await DiagnosticsClient.forProcess(subject.pid);
    const controller = new AbortController();
    await using session = await client.startEventPipe({ providers: [exceptions], signal: controller.signal });
    const reading = (async () => {
      for await (const _ of session);
    })();
    controller.abort();
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' });
    expect((await client.processInfo()).processId).toBe(subject.pid);
  });
});
