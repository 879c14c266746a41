import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildFixture } from '../../test-fixtures/build.ts';
import { survives } from '../../test-fixtures/survives.ts';
import { eachInstruction, methodCode } from '../il/instructions.ts';
import { AssemblyMetadata } from '../metadata/assembly.ts';
import { ByteCursor, MalformedSymbols } from '../metadata/byte-cursor.ts';
import { ANY_TYPE, fitsPattern, withArguments } from '../metadata/generic-names.ts';
import { readSignatureType } from '../metadata/type-signature.ts';
import { findCreations } from './find-creations.ts';
import { scanCode } from './scan-code.ts';
import { WantedTypes } from './wanted-types.ts';

const TYPES = ['Shop.Session', 'Shop.Session[,]', 'Shop.Cache<Shop.Session>+Node', 'Shop.Catalog+<LoadAsync>d__14'];
let image: Buffer;
let folder: string;

beforeAll(async () => {
  image = await readFile(join(await buildFixture('creations', 'Optimize=true'), 'creations.dll'));
  folder = await mkdtemp('/tmp/fcs-');
}, 300_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

test('a mutated or cut assembly has places or none, never another error', async () => {
  const path = join(folder, 'mutated.dll');
  // Code lies first, metadata behind it: tables, then names.
  const tables = image.indexOf('BSJB');
  const at = fc.oneof(
    fc.nat(image.length - 1),
    fc.nat(2000).map((offset) => tables + offset),
    fc.nat(tables),
  );
  const byte = fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff));
  const changes = fc.array(fc.tuple(at, byte), { minLength: 1, maxLength: 8 });
  let found = 0;
  let nothing = 0;
  await fc.assert(
    fc.asyncProperty(changes, fc.option(fc.nat(image.length), { freq: 8 }), async (list, cut) => {
      const bytes = Buffer.from(image.subarray(0, cut ?? image.length));
      for (const [offset, value] of list) if (offset < bytes.length) bytes[offset] = value;
      await writeFile(path, bytes);
      const result = await findCreations(path, TYPES);
      if (result?.creations.length) found += 1;
      else nothing += 1;
    }),
    { numRuns: 600 },
  );
  expect(found).toBeGreaterThan(0);
  expect(nothing).toBeGreaterThan(0);
});

test('code of any bytes ends', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      let last = -1;
      survives(() => {
        eachInstruction(methodCode(bytes, 0), (offset, _opcode, _operand, end) => {
          expect(offset).toBeGreaterThan(last);
          expect(end).toBeLessThanOrEqual(bytes.length);
          last = offset;
        });
      });
    }),
    { numRuns: 3000 },
  );
});

test('a signature of any bytes has a name or is refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      survives(() => {
        const { name } = readSignatureType(new ByteCursor(bytes), () => 'Shop.Pair`2');
        expect(name.length).toBeLessThanOrEqual(4096);
      });
    }),
    { numRuns: 3000 },
  );
});

test('methods that all have the same large body are refused, not read a thousand times', () => {
  const assembly = new AssemblyMetadata(image.subarray(image.indexOf('BSJB')));
  const body = Buffer.alloc(100_000);
  body.writeUInt16LE(0x3003, 0);
  body.writeUInt32LE(body.length - 12, 4);
  const wanted = new WantedTypes(assembly, new Set(TYPES));
  expect(() => scanCode(body, () => 0, assembly, wanted)).toThrow(MalformedSymbols);
});

test('a pattern fits the names that it was made of, and no other arity', () => {
  const leaf = fc.constantFrom('System.Int32', 'Shop.Cart[,]', 'Shop.Cart+<Add>d__3', 'Shop.A+B');
  const name = fc.letrec<{ type: string }>((tie) => ({
    type: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc.tuple(tie('type'), tie('type')).map((args) => withArguments('Shop.Pair`2', args)),
      tie('type').map((arg) => withArguments('Shop.Cache`1+Node', [arg])),
    ),
  })).type;
  fc.assert(
    fc.property(name, name, (first, second) => {
      const pair = withArguments('Shop.Pair`2', [first, second]);
      expect(fitsPattern(`Shop.Pair<${ANY_TYPE}, ${ANY_TYPE}>`, pair)).toBe(true);
      expect(fitsPattern(`Shop.Pair<${first}, ${ANY_TYPE}>`, pair)).toBe(true);
      expect(fitsPattern(`Shop.Pair<${ANY_TYPE}>`, pair)).toBe(false);
      expect(fitsPattern(`Shop.Pair<${ANY_TYPE}, ${ANY_TYPE}>+Node`, pair)).toBe(false);
      expect(fitsPattern(`Shop.Pair<${ANY_TYPE}, ${ANY_TYPE}>`, `${pair}+Node`)).toBe(false);
      expect(fitsPattern(pair, pair)).toBe(true);
    }),
  );
});
