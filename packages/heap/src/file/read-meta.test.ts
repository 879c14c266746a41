import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { HeapFileError } from '../errors.ts';
import { buildHeap } from '../testing/build-heap.ts';
import { openHeapFile } from './open-heap-file.ts';
import { readHeapMeta } from './read-meta.ts';
import { heapFileBytes, writeHeapFile } from './write-heap-file.ts';

const heap = buildHeap({ a: { type: 'Shop.Session' } }, [['a', 'static Shop.Store.s_first']]);
const modules = [{ name: 'Shop.dll', path: '/app/Shop.dll', mvid: '0f8fad5b-d9cb-469f-a165-70867728950e' }];
const shop = { ...heap, meta: { ...heap.meta, modules } };
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp('/tmp/heap-');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('is what the whole file says of its process', async () => {
  const path = join(folder, 'heap.fch');
  await writeHeapFile(path, shop);
  expect((await readHeapMeta(path)).modules).toEqual(modules);
  expect(await readHeapMeta(path)).toEqual((await openHeapFile(path)).meta);
  await truncate(path, 100);
  await expect(readHeapMeta(path)).rejects.toMatchObject({ code: 'heap-file-cut-off' });
  await expect(readHeapMeta(folder)).rejects.toMatchObject({ code: 'heap-file-unreadable' });
});

it('of a damaged file is refused or read, never more', async () => {
  const good = new Uint8Array(heapFileBytes(shop));
  const path = join(folder, 'damaged.fch');
  const changes = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(changes, async (list) => {
      const bytes = Uint8Array.from(good);
      for (const [at, value] of list) bytes[at] = value;
      await writeFile(path, bytes);
      await readHeapMeta(path).catch((error) => expect(error).toBeInstanceOf(HeapFileError));
    }),
    { numRuns: 300 },
  );
});
