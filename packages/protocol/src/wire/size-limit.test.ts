import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SizeLimit } from './size-limit.ts';

const framed = (body: string) => Buffer.from(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);

/** Bytes in pieces of the given sizes, the rest in one. */
function* pieces(bytes: Buffer, sizes: readonly number[]): Generator<Buffer> {
  let at = 0;
  for (const size of sizes) {
    yield bytes.subarray(at, at + size);
    at += size;
  }
  yield bytes.subarray(at);
}

it('lets messages pass, however they are cut into pieces', () => {
  const bodies = fc.array(fc.string({ unit: 'binary', maxLength: 80 }), { maxLength: 6 });
  fc.assert(
    fc.property(bodies, fc.array(fc.nat(40), { maxLength: 12 }), (texts, sizes) => {
      const limit = new SizeLimit(1_000);
      for (const piece of pieces(Buffer.concat(texts.map(framed)), sizes)) expect(limit.allows(piece)).toBe(true);
    }),
  );
});

it('finds the one that is too large, wherever it comes', () => {
  const sizes = fc.array(fc.nat(40), { maxLength: 12 });
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 80 }), { maxLength: 6 }), sizes, (texts, cuts) => {
      const limit = new SizeLimit(1_000);
      const bytes = Buffer.concat([...texts.map(framed), Buffer.from('content-length:1001\r\n\r\n')]);
      expect([...pieces(bytes, cuts)].every((piece) => limit.allows(piece))).toBe(false);
    }),
  );
});

it('a head that never ends is too large', () => {
  const limit = new SizeLimit();
  const chunk = Buffer.alloc(1_000, 'x');
  expect(Array.from({ length: 9 }, () => limit.allows(chunk)).at(-1)).toBe(false);
});
