import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DiagnosticsError, decodeExceptionThrown, decodeFields, NettraceReader, type TraceEvent } from '../index.ts';
import { ByteWriter } from '../wire/byte-writer.ts';

const capture = readFileSync(new URL('../../test-fixtures/subject.nettrace', import.meta.url));

async function* chunks(...parts: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}

async function readAll(...parts: Uint8Array[]): Promise<{ events: TraceEvent[]; reader: NettraceReader }> {
  const reader = new NettraceReader(chunks(...parts));
  const events: TraceEvent[] = [];
  for await (const event of reader) events.push(event);
  return { events, reader };
}

function summary({ events, reader }: { events: TraceEvent[]; reader: NettraceReader }) {
  return {
    info: reader.info,
    isComplete: reader.isComplete,
    gaps: reader.gaps,
    events: events.map((event) => ({
      event: `${event.type.provider} ${event.type.id} ${event.type.name}`.trim(),
      time: event.timeMs.toFixed(3),
      thread: event.threadId,
      sequence: event.sequenceNumber,
      stack: event.stack.map((address) => address.toString(16)),
      content: decodeExceptionThrown(event) ?? { ...decodeFields(event) },
    })),
  };
}

describe('a captured trace', () => {
  test('reads as recorded', async () => {
    const result = await readAll(capture);
    const thrown = result.events.flatMap((event) => decodeExceptionThrown(event)?.message ?? []);
    expect(thrown).toEqual([0, 1, 2, 3, 4, 0, 1].map((number) => `number ${number}`));
    expect(summary(result)).toMatchSnapshot();
  });

  test('reads the same however it is cut into chunks', async () => {
    const whole = summary(await readAll(capture));
    const cuts = fc.array(fc.nat(capture.length), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(cuts, async (places) => {
        const at = [0, ...places.sort((left, right) => left - right), capture.length];
        const parts = at.slice(1).map((end, index) => capture.subarray(at[index], end));
        expect(summary(await readAll(...parts))).toEqual(whole);
      }),
      { numRuns: 50 },
    );
    expect(summary(await readAll(...[...capture].map((byte) => Uint8Array.of(byte))))).toEqual(whole);
  });

  test('cut off anywhere it gives what came before and says that it is not complete', async () => {
    const { events } = await readAll(capture);
    let most = 0;
    for (let length = 0; length < capture.length; length++) {
      const result = await readAll(capture.subarray(0, length));
      expect(result.reader.isComplete).toBe(false);
      expect(result.events).toEqual(events.slice(0, result.events.length));
      most = Math.max(most, result.events.length);
    }
    expect(most).toBe(events.length);
  });

  test('mutated it is read or refused with a typed error', async () => {
    const change = fc.tuple(fc.nat(capture.length - 1), fc.nat(255));
    const outcomes = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
        const bytes = Buffer.from(capture);
        for (const [at, byte] of changes) bytes[at] = byte;
        try {
          const result = await readAll(bytes);
          summary(result);
          outcomes.add('read');
        } catch (error) {
          expect(error).toBeInstanceOf(DiagnosticsError);
          if (error instanceof DiagnosticsError) outcomes.add(error.code);
        }
      }),
      { numRuns: 3000 },
    );
    expect([...outcomes].sort()).toEqual(expect.arrayContaining(['corrupt-trace', 'read']));
  });

  test('closes its source when the reader leaves early', async () => {
    let closed = false;
    async function* source() {
      try {
        yield capture;
        yield capture;
      } finally {
        closed = true;
      }
    }
    for await (const _ of new NettraceReader(source())) break;
    expect(closed).toBe(true);
  });
});

describe('other formats are named', () => {
  test('nettrace 6', async () => {
    const bytes = new ByteWriter().bytes(Buffer.from('Nettrace')).u32(0).u32(6).u32(0).finish();
    const result = readAll(bytes);
    await expect(result).rejects.toMatchObject({ code: 'unsupported-trace', why: 'its format version is 6' });
  });

  test('NetPerf', async () => {
    const bytes = new ByteWriter().u32(20).bytes(Buffer.from('!FastSerialization.1')).finish();
    await expect(readAll(bytes)).rejects.toMatchObject({ code: 'unsupported-trace' });
  });

  test('a Trace object that needs a newer reader', async () => {
    const bytes = Buffer.from(capture);
    const name = bytes.indexOf('Trace', 32);
    bytes.writeInt32LE(9, name - 12);
    bytes.writeInt32LE(9, name - 8);
    await expect(readAll(bytes)).rejects.toMatchObject({ code: 'unsupported-trace', why: 'its format version is 9' });
  });
});
