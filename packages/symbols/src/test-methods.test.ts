import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { buildFixture } from '../test-fixtures/build.ts';
import { MalformedSymbols } from './metadata/byte-cursor.ts';
import { readTestMethods, testMethods } from './test-methods.ts';

let module: string;
let metadata: Buffer;
beforeAll(async () => {
  module = join(await buildFixture('attributes'), 'attributes.dll');
  const image = await readFile(module);
  metadata = image.subarray(image.indexOf('BSJB'));
}, 300_000);

const TESTS = [
  ...['Suite.OrderTests.Adds', 'Suite.OrderTests.Waits', 'Inner.Nested', 'Suite.Base.Inherited'],
  'Bare.WithoutNamespace',
];

test('methods with an attribute of a test, or one derived from it', async () => {
  expect([...((await readTestMethods(module)) ?? [])].sort()).toEqual([...TESTS].sort());
});

test('what is no assembly has none to read', async () => {
  expect(await readTestMethods('/nowhere.dll')).toBeNull();
  expect(await readTestMethods(import.meta.filename)).toBeNull();
  expect(await readTestMethods('/')).toBeNull();
});

test('damaged metadata is refused or read, never an endless loop or another error', () => {
  const damage = fc.array(fc.tuple(fc.nat(metadata.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(damage, fc.option(fc.nat(metadata.length)), (bytes, length) => {
      const damaged = Buffer.from(metadata);
      for (const [at, value] of bytes) damaged[at] = value;
      try {
        for (const name of testMethods(length === null ? damaged : damaged.subarray(0, length)))
          expect(typeof name).toBe('string');
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedSymbols);
      }
    }),
    { numRuns: 500 },
  );
});
