import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseEnvironment } from '../client/environment.ts';
import { parseProcessInfo } from '../client/process-info.ts';
import { parseStat, parseStatus, runtimeTrace } from '../discovery/proc.ts';
import { decodeAdvertise } from '../port/advertise.ts';
import { ByteReader, MalformedBytes } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { guidFromBytes, guidToBytes } from './guid.ts';
import { decodeHeader, encodeMessage, HEADER_BYTES, replyKind } from './message.ts';

/** Runs a parser over hostile bytes: it returns or throws MalformedBytes, nothing else. */
function survives(parse: (bytes: Uint8Array) => unknown, bytes: Uint8Array): void {
  try {
    parse(bytes);
  } catch (error) {
    if (!(error instanceof MalformedBytes)) throw error;
  }
}

const text = fc.string({ unit: 'binary' }).filter((value) => !value.includes('\0'));
const guid = fc.uint8Array({ minLength: 16, maxLength: 16 });

const valid = fc.tuple(
  fc.bigInt({ min: 0n, max: 2n ** 53n - 1n }),
  guid,
  fc.array(text, { minLength: 6, maxLength: 6 }),
);

function infoPayload([pid, cookie, strings]: [bigint, Uint8Array, string[]]): Uint8Array {
  const writer = new ByteWriter().u32(1).u64(pid).bytes(cookie);
  for (const item of strings) writer.string(item);
  return writer.finish();
}

test('process info reads back what was written', () => {
  fc.assert(
    fc.property(valid, (value) => {
      const info = parseProcessInfo(new ByteReader(infoPayload(value)), 3);
      const { commandLine, operatingSystem, architecture, entryAssembly, runtimeVersion, runtimeIdentifier } = info;
      expect([BigInt(info.processId), info.runtimeCookie]).toEqual([value[0], guidFromBytes(value[1])]);
      const read = [commandLine, operatingSystem, architecture, entryAssembly, runtimeVersion, runtimeIdentifier];
      // Lone surrogates survive too: UTF-16 goes over the wire as it is.
      expect(read).toEqual(value[2]);
    }),
  );
});

test('mutated process info never breaks the parser', () => {
  const mutation = fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 8 });
  fc.assert(
    fc.property(valid, mutation, fc.nat(400), (value, changes, cut) => {
      const bytes = Buffer.from(infoPayload(value));
      for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte;
      for (const version of [1, 2, 3] as const) {
        survives((raw) => parseProcessInfo(new ByteReader(raw), version), bytes.subarray(0, cut));
        survives((raw) => parseProcessInfo(new ByteReader(raw), version), bytes);
      }
    }),
    { numRuns: 500 },
  );
});

test('arbitrary bytes never break header, advertisement or environment', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
      survives((raw) => replyKind(decodeHeader(raw)), bytes);
      survives((raw) => replyKind(decodeHeader(Buffer.concat([Buffer.from('DOTNET_IPC_V1\0'), raw]))), bytes);
      survives(decodeAdvertise, bytes);
      survives((raw) => decodeAdvertise(Buffer.concat([Buffer.from('ADVR_V1\0'), raw])), bytes);
      survives((raw) => parseEnvironment(new ByteReader(raw)), bytes);
      survives((raw) => new ByteReader(raw).varU32(), bytes);
      survives((raw) => new ByteReader(raw).varU64(), bytes);
    }),
    { numRuns: 2000 },
  );
});

test('a message comes back from its bytes', () => {
  const id = fc.nat(255);
  fc.assert(
    fc.property(id, id, fc.uint8Array({ maxLength: 300 }), (set, command, payload) => {
      const message = encodeMessage({ set, id: command }, payload);
      expect(decodeHeader(message)).toEqual({ set, id: command, size: HEADER_BYTES + payload.length });
    }),
  );
  expect(() => encodeMessage({ set: 1, id: 1 }, new Uint8Array(65_516))).toThrow(RangeError);
});

test('GUIDs and environments come back', () => {
  fc.assert(
    fc.property(guid, (bytes) => {
      expect(Buffer.from(guidToBytes(guidFromBytes(bytes)))).toEqual(Buffer.from(bytes));
    }),
  );
  const name = text.filter((value) => value !== '' && !value.includes('='));
  fc.assert(
    fc.property(fc.dictionary(name, text), (environment) => {
      const items = Object.entries(environment);
      const writer = new ByteWriter().u32(items.length);
      for (const [key, value] of items) writer.string(`${key}=${value}`);
      expect([...parseEnvironment(new ByteReader(writer.finish()))]).toEqual(items);
    }),
  );
  expect(guidFromBytes(guidToBytes('{7A4C8E10-3B5D-4F6A-9C21-5D0E8B7F1A33}'))).toBe(
    '7a4c8e10-3b5d-4f6a-9c21-5d0e8b7f1a33',
  );
  expect(guidToBytes('00112233-4455-6677-8899-aabbccddeeff')[0]).toBe(0x33);
});

test('variable-length numbers', () => {
  const encode = (value: bigint) => {
    const bytes: number[] = [];
    for (let rest = value; ; rest >>= 7n) {
      if (rest < 0x80n) return Uint8Array.from([...bytes, Number(rest)]);
      bytes.push(Number(rest & 0x7fn) | 0x80);
    }
  };
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      (value) => new ByteReader(encode(value)).varU64() === value,
    ),
  );
  fc.assert(fc.property(fc.nat(0xffff_ffff), (value) => new ByteReader(encode(BigInt(value))).varU32() === value));
});

test('/proc texts of any shape', () => {
  fc.assert(
    fc.property(fc.string(), (any) => {
      parseStat(any, 1);
      parseStatus(any, 1);
      runtimeTrace(any);
    }),
  );
  const rest = `S 1 ${'0 '.repeat(17)}4711 0`;
  fc.assert(fc.property(fc.string(), (name) => parseStat(`9 (${name}) ${rest}`, 9)?.startTime === 4711n));
  expect(parseStat(`9 (x) Z 1 ${'0 '.repeat(17)}4711 0`, 9)).toBe(undefined);
  expect(parseStatus('Uid:\t1\t2\t3\t4\nNSpid:\t30\t7\t1\n', 30)).toEqual({ namespacePid: 1, userIds: [1, 2, 3, 4] });
  expect(runtimeTrace('7f r-xp 0 08:01 5 /usr/lib/libcoreclr.so (deleted)\n')).toBe('runtime');
  expect(runtimeTrace('7f r-xp 0 08:01 5 /usr/lib/libhostfxr.so\n')).toBe('host');
  expect(runtimeTrace('7f r-xp 0 08:01 5 /usr/lib/libcoreclr.so.backup\n')).toBe('none');
});
