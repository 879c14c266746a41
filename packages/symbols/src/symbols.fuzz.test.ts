import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildSample } from '../test-fixtures/sample.ts';
import { survives } from '../test-fixtures/survives.ts';
import { SymbolReader } from './index.ts';
import { ByteCursor } from './metadata/byte-cursor.ts';
import { PortablePdb } from './pdb/portable-pdb.ts';
import { readSequencePoints } from './pdb/sequence-points.ts';

let pdb: Buffer;
let embedded: Buffer;
let folder: string;

beforeAll(async () => {
  pdb = await readFile((await buildSample('portable')).replace('.dll', '.pdb'));
  embedded = await readFile(await buildSample('embedded'));
  folder = await mkdtemp('/tmp/fcs-');
}, 300_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

function readEverything(image: Uint8Array): void {
  const symbols = new PortablePdb(image);
  for (let row = 0; row < 40; row++) {
    survives(() => symbols.lookup(row, 50));
    survives(() => symbols.documentName(row));
    survives(() => symbols.kickoffMethod(row));
  }
  survives(() => symbols.sourceLink());
}

const changes = (size: number) => {
  // Half of the changes in the first kilobyte: headers, table sizes, row counts.
  const at = fc.oneof(fc.nat(Math.min(1023, size - 1)), fc.nat(size - 1));
  return fc.array(fc.tuple(at, fc.oneof(fc.nat(255), fc.constantFrom(0, 0x7f, 0x80, 0xff))), {
    minLength: 1,
    maxLength: 6,
  });
};

test('a mutated or cut PDB is read or refused, never more', () => {
  let read = 0;
  let refused = 0;
  fc.assert(
    fc.property(changes(pdb.length), fc.option(fc.nat(pdb.length)), (list, cut) => {
      const bytes = Buffer.from(pdb.subarray(0, cut ?? pdb.length));
      for (const [at, byte] of list) if (at < bytes.length) bytes[at] = byte;
      if (survives(() => readEverything(bytes))) read++;
      else refused++;
    }),
    { numRuns: 3000 },
  );
  expect(read).toBeGreaterThan(0);
  expect(refused).toBeGreaterThan(0);
});

test('a mutated module with an embedded PDB gives symbols or null', async () => {
  const path = join(folder, 'mutated.dll');
  await fc.assert(
    fc.asyncProperty(changes(embedded.length), fc.option(fc.nat(embedded.length)), async (list, cut) => {
      const bytes = Buffer.from(embedded.subarray(0, cut ?? embedded.length));
      for (const [at, byte] of list) if (at < bytes.length) bytes[at] = byte;
      await writeFile(path, bytes);
      const reader = await SymbolReader.open(path);
      for (let token = 0x0600_0001; token < 0x0600_0020; token++) reader?.lookup(token, 10);
    }),
    { numRuns: 400 },
  );
});

test('arbitrary sequence points end', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(3), (blob, document) => {
      survives(() => {
        let count = 0;
        for (const _ of readSequencePoints(blob, document)) expect(++count).toBeLessThan(blob.length);
      });
    }),
    { numRuns: 2000 },
  );
});

test('an embedded PDB that unpacks to more than it says is refused', async () => {
  const at = embedded.indexOf('MPDB');
  expect(at).toBeGreaterThan(0);
  const bomb = deflateRawSync(Buffer.alloc(8 * 1024 * 1024));
  for (const size of [1, 0, 0xffff_ffff, 4096]) {
    const bytes = Buffer.concat([embedded]);
    bytes.writeUInt32LE(size, at + 4);
    bomb.copy(bytes, at + 8, 0, Math.min(bomb.length, bytes.length - at - 8));
    const path = join(folder, 'bomb.dll');
    await writeFile(path, bytes);
    expect(await SymbolReader.open(path)).toBe(null);
  }
});

test('compressed integers (examples of ECMA-335 II.23.2)', () => {
  const read = (...bytes: number[]) => new ByteCursor(Uint8Array.from(bytes)).compressed();
  expect([read(3), read(0x7f), read(0x80, 0x80), read(0xae, 0x57), read(0xbf, 0xff)]).toEqual([
    3, 0x7f, 0x80, 0x2e57, 0x3fff,
  ]);
  expect([read(0xc0, 0, 0x40, 0), read(0xdf, 0xff, 0xff, 0xff)]).toEqual([0x4000, 0x1fff_ffff]);
  const signed = (...bytes: number[]) => new ByteCursor(Uint8Array.from(bytes)).compressedSigned();
  expect([signed(6), signed(0x7b), signed(0x80, 0x80), signed(1)]).toEqual([3, -3, 64, -64]);
  expect([signed(0xc0, 0, 0x40, 0), signed(0x80, 1)]).toEqual([8192, -8192]);
  expect([signed(0xdf, 0xff, 0xff, 0xfe), signed(0xc0, 0, 0, 1)]).toEqual([268435455, -268435456]);
});
