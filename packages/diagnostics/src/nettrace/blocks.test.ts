import { describe, expect, test } from 'vitest';
import { ByteWriter } from '../wire/byte-writer.ts';
import { readBlobs } from './event-blobs.ts';
import { decodeFields } from './fields.ts';
import { readMetadata, TYPE_CODE } from './metadata.ts';
import { decodeExceptionThrown } from './runtime-events.ts';
import { SequenceWatch } from './sequence.ts';
import { StackTable } from './stacks.ts';

const GUID = '00112233-4455-6677-8899-aabbccddeeff';
const utf16 = (text: string) => Buffer.from(`${text}\0`, 'utf16le');

test('uncompressed events and their padding', () => {
  const blob = (payload: Uint8Array) => {
    const body = new ByteWriter()
      .u32(0x8000_0003)
      .u32(9)
      .u64(11n)
      .u64(12n)
      .u32(1)
      .u32(4)
      .u64(1000n)
      .guid(GUID)
      .guid(GUID);
    const bytes = body.u32(payload.length).bytes(payload).finish();
    return Buffer.concat([
      new ByteWriter().u32(bytes.length).bytes(bytes).finish(),
      Buffer.alloc((4 - (bytes.length % 4)) % 4),
    ]);
  };
  const header = new ByteWriter().u8(20).u8(0).u8(0).u8(0).u64(0n).u64(0n).finish();
  const events = [...readBlobs(Buffer.concat([header, blob(Buffer.from('abcde')), blob(Buffer.from('xy'))]))];
  expect(events.map(({ payload }) => Buffer.from(payload).toString())).toEqual(['abcde', 'xy']);
  expect(events[1]).toMatchObject({
    metadataId: 3,
    sequenceNumber: 9,
    threadId: 11n,
    captureThreadId: 12n,
    stackId: 4,
  });
  expect(events[1]).toMatchObject({ timestamp: 1000n, activityId: GUID, relatedActivityId: GUID });
});

test('compressed headers hold what differs from the one before', () => {
  const block = new ByteWriter()
    .bytes(Uint8Array.of(20, 0, 1, 0, ...new Array(16).fill(0)))
    // flags 1|2|4|8|128: type 1, sequence +4 (then +1), thread 0x81, processor 2, thread 7, stack 3, time +100, 2 bytes
    .bytes(Uint8Array.of(0x8f, 1, 4, 0x81, 1, 2, 7, 3, 100, 2, 0xaa, 0xbb))
    // nothing differs but the time
    .bytes(Uint8Array.of(0x40, 5, 0xcc, 0xdd))
    .finish();
  const [first, second] = [...readBlobs(block)];
  expect(first).toMatchObject({
    metadataId: 1,
    sequenceNumber: 5,
    captureThreadId: 0x81n,
    processor: 2,
    timestamp: 100n,
  });
  expect(second).toMatchObject({ metadataId: 1, sequenceNumber: 6, threadId: 7n, stackId: 3, timestamp: 105n });
  expect(Buffer.from(second?.payload ?? []).toString('hex')).toBe('ccdd');
});

describe('lost events', () => {
  const point = (...threads: [bigint, number][]) => {
    const writer = new ByteWriter().u64(0n).u32(threads.length);
    for (const [thread, sequence] of threads) writer.u64(thread).u32(sequence);
    return writer.finish();
  };

  test('are the numbers left out', () => {
    const watch = new SequenceWatch();
    for (const number of [1, 2, 5, 6]) watch.event(7n, number);
    watch.event(8n, 3);
    expect(watch.gaps).toEqual([
      { captureThreadId: 7, count: 2 },
      { captureThreadId: 8, count: 2 },
    ]);
  });

  test('at the end of a thread show at the next sequence point, and once only', () => {
    const watch = new SequenceWatch();
    watch.event(7n, 1);
    watch.sequencePoint(point([7n, 4], [9n, 10]));
    watch.sequencePoint(point([7n, 4], [9n, 10]));
    watch.event(7n, 5);
    expect(watch.gaps).toEqual([
      { captureThreadId: 7, count: 3 },
      { captureThreadId: 9, count: 10 },
    ]);
  });

  test('a new thread with an old id begins at 1; numbers wrap around; a point behind is none', () => {
    const watch = new SequenceWatch();
    for (const number of [1, 2, 1, 2]) watch.event(7n, number);
    watch.sequencePoint(point([7n, 1]));
    watch.event(8n, 1);
    watch.sequencePoint(point([8n, 1]));
    expect(watch.gaps).toEqual([]);
    const wrapping = new SequenceWatch();
    wrapping.event(1n, 0x7fff_ffff);
    wrapping.event(1n, 0xffff_fffe);
    const before = wrapping.gaps[0]?.count ?? 0;
    wrapping.event(1n, 0xffff_ffff);
    wrapping.event(1n, 0);
    expect(wrapping.gaps[0]?.count).toBe(before);
  });
});

test('stacks of 8 and 4 bytes per address, gone after a sequence point', () => {
  const block = new ByteWriter().u32(10).u32(2).u32(16).u64(1n).u64(2n).u32(8).u64(3n).finish();
  const table = new StackTable(8);
  table.addBlock(block);
  expect([table.addresses(10), table.addresses(11), table.addresses(12)]).toEqual([[1n, 2n], [3n], []]);
  table.clear();
  expect(table.addresses(10)).toEqual([]);
  const narrow = new StackTable(4);
  narrow.addBlock(block);
  expect(narrow.addresses(11)).toEqual([3n, 0n]);
});

test('fields of every kind, nested ones and arrays (metadata version 5)', () => {
  const field = (name: string, ...type: number[]) => {
    const body = new ByteWriter().bytes(utf16(name));
    for (const code of type) body.u32(code);
    const bytes = body.finish();
    return new ByteWriter()
      .u32(bytes.length + 4)
      .bytes(bytes)
      .finish();
  };
  const parameters = new ByteWriter()
    .u32(3)
    .bytes(field('numbers', TYPE_CODE.array, TYPE_CODE.int16))
    .bytes(field('id', TYPE_CODE.guid))
    .bytes(field('__proto__', TYPE_CODE.double))
    .finish();
  const payload = new ByteWriter()
    .u32(4)
    .bytes(utf16('Provider'))
    .u32(12)
    .bytes(utf16('Name'))
    .u64(1n << 63n)
    .u32(2)
    .u32(5)
    .u32(0)
    .bytes(new ByteWriter().u32(1).u8(1).u8(9).finish())
    .bytes(new ByteWriter().u32(parameters.length).u8(2).bytes(parameters).finish())
    .finish();
  const { metadataId, type } = readMetadata(payload);
  expect(metadataId).toBe(4);
  expect(type).toMatchObject({ provider: 'Provider', id: 12, name: 'Name', version: 2, level: 5, opcode: 9 });
  expect(type.keywords).toBe(1n << 63n);
  const value = Buffer.alloc(8);
  value.writeDoubleLE(0.5);
  const event = Buffer.concat([Uint8Array.of(2, 0, 0xff, 0xff, 5, 0), new ByteWriter().guid(GUID).finish(), value]);
  const decoded = decodeFields({ type, payload: event });
  expect(Object.entries(decoded ?? {})).toEqual([
    ['numbers', [-1, 5]],
    ['id', GUID],
    ['__proto__', 0.5],
  ]);
  expect(decodeFields({ type, payload: event.subarray(0, 10) })).toBe(null);
});

test('metadata nested too deeply or claiming too much is refused', () => {
  const head = new ByteWriter().u32(1).bytes(utf16('P')).u32(1).bytes(utf16('')).u64(0n).u32(0).u32(0).finish();
  const deep = Buffer.concat([
    head,
    ...new Array(100_000).fill(new ByteWriter().u32(1).u32(TYPE_CODE.object).finish()),
  ]);
  expect(() => readMetadata(deep)).toThrow(/nested too deeply/);
  expect(() => readMetadata(Buffer.concat([head, new ByteWriter().u32(0xffff_ffff).finish()]))).toThrow(/fields in/);
});

test('only ExceptionThrown of the runtime is decoded as one', () => {
  const type = {
    provider: 'Microsoft-Windows-DotNETRuntime',
    id: 80,
    name: '',
    version: 1,
    level: 2,
    keywords: 0n,
    opcode: 0,
    fields: [],
  };
  const payload = new ByteWriter()
    .bytes(utf16('A.B'))
    .bytes(utf16(''))
    .u64(5n)
    .u32(0x80131500)
    .u8(6)
    .u8(0)
    .u8(0)
    .u8(0)
    .finish();
  expect(decodeExceptionThrown({ type, payload })).toEqual({
    ...{ type: 'A.B', message: '', hresult: -2146233088, address: 5n },
    ...{ hasInnerException: false, isNested: true, isRethrown: true },
  });
  expect(decodeExceptionThrown({ type: { ...type, id: 81 }, payload })).toBe(null);
  expect(decodeExceptionThrown({ type, payload: payload.subarray(0, 9) })).toBe(null);
});
