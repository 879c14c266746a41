import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HeapFileError } from '../errors.ts';
import { rootKind, typeOf } from '../graph/heap.ts';
import { buildHeap } from '../testing/build-heap.ts';
import { typesBySize } from '../types-by-size.ts';
import { IntReader, intLength, putInt } from './compressed-int.ts';
import { parseGcdump, readGcdump } from './read-gcdump.ts';
import { gcdumpParts, writeGcdump } from './write-gcdump.ts';

const shop = buildHeap(
  {
    list: { type: 'System.Collections.Generic.List<Shop.Session>', bytes: 32, refs: ['array'] },
    array: { type: 'Shop.Session[]', bytes: 48, refs: ['a', 'b', 'b'] },
    a: { type: 'Shop.Session', bytes: 24, refs: ['name'] },
    b: { type: 'Shop.Session', bytes: 24, refs: ['name', 'a'] },
    name: { type: 'System.String', bytes: 40 },
    long: { type: 'System.String', bytes: 4_000_000 },
  },
  [
    ['list', 'static Shop.Store.s_sessions'],
    ['a', 'static Shop.Store.s_sessions'],
    ['long', 'thread static Shop.Log.t_last'],
    ['b', 'stack'],
    ['array', 'pinned handle'],
    ['a', 'reference-counted handle'],
    ['name', 'finalizer queue'],
  ],
);
const good = new Uint8Array(Buffer.concat(gcdumpParts(shop, 'x')));
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gcdump-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a .gcdump', () => {
  it('comes back as it was written', async () => {
    const path = join(folder, 'x.gcdump');
    await writeGcdump(path, shop);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const heap = await readGcdump(path);
    expect(heap.meta).toMatchObject({ time: shop.meta.time, pid: 1234, complete: true, process: { name: 'shop' } });
    for (const column of ['firstEdge', 'edges', 'size8'] as const) expect([...heap[column]]).toEqual([...shop[column]]);
    const names = (from: typeof heap) => [...from.type.keys()].map((node) => typeOf(from, node));
    expect(names(heap)).toEqual(names(shop));
    expect(typesBySize(heap)).toEqual(typesBySize(shop));
    const roots = (from: typeof heap) =>
      [...from.roots.node].map((node, root) => [node, rootKind(from, root), from.roots.name(root)].join()).sort();
    expect(roots(heap)).toEqual(roots(shop));
    await expect(writeGcdump(path, shop)).rejects.toMatchObject({ name: 'HeapFileError' });
  });

  it('whose objects are in no order is sorted by address', () => {
    const bytes = good.slice();
    const view = new DataView(bytes.buffer);
    // The addresses stand before the tail: exchange the first two objects'.
    const first = Buffer.from(bytes).indexOf(shop.address.bytes().subarray(0, 8));
    const [a, b] = [view.getBigUint64(first, true), view.getBigUint64(first + 8, true)];
    view.setBigUint64(first, b, true);
    view.setBigUint64(first + 8, a, true);
    const heap = parseGcdump(bytes.buffer, 'x');
    expect(typeOf(heap, 0).name).toBe('Shop.Session[]');
    expect([...heap.edges.subarray(0, 3)]).toEqual([2, 3, 3]);
    expect([...heap.edges.subarray(heap.firstEdge[1], heap.firstEdge[2])]).toEqual([0]);
    view.setBigUint64(first, a, true);
    expect(() => parseGcdump(bytes.buffer, 'x')).toThrow('two objects have one address');
  });

  it('of dotnet-gcdump has types by size, which are one, and a process without name and time', () => {
    const named = buildHeap({ a: { type: 'Shop.Session[] (Bytes > 10K)' }, b: { type: 'Shop.Session[]' } }, [
      ['a', 'static Shop.s_a'],
      ['b', 'static Shop.s_b'],
    ]);
    const meta = { ...named.meta, time: '0001-01-01T00:00:00.000Z', pid: 0 };
    const heap = parseGcdump(new Uint8Array(Buffer.concat(gcdumpParts({ ...named, meta }, 'x'))).buffer, 'x');
    expect(typesBySize(heap)).toMatchObject([{ type: 'Shop.Session[]', instances: 2 }]);
    expect(heap.meta.time).toBe('');
  });

  it('that was cut off anywhere, or is something else, is refused', () => {
    const end = Buffer.from(good).lastIndexOf('firstchance');
    for (let length = 0; length < end - 40; length += 7)
      expect(() => parseGcdump(good.slice(0, length).buffer, 'x')).toThrow(HeapFileError);
    expect(() => parseGcdump(new TextEncoder().encode('x'.repeat(100)).buffer, 'x')).toThrow('it is no .gcdump');
  });

  it('that is damaged anywhere is refused or harmless', () => {
    const mutation = fc.array(
      fc.record({ at: fc.nat(good.length - 5), value: fc.oneof(fc.nat(255), fc.integer()), wide: fc.boolean() }),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(mutation, (changes) => {
        const bytes = good.slice();
        for (const { at, value, wide } of changes)
          if (wide) new DataView(bytes.buffer).setInt32(at, value, true);
          else bytes[at] = value;
        try {
          const heap = parseGcdump(bytes.buffer, 'x');
          expect(Math.max(-1, ...heap.edges)).toBeLessThan(heap.nodeCount);
          expect(Math.max(-1, ...heap.type)).toBeLessThan(heap.types.length);
          expect(Math.max(-1, ...heap.roots.node)).toBeLessThan(heap.nodeCount);
          typesBySize(heap);
        } catch (error) {
          expect(error).toBeInstanceOf(HeapFileError);
        }
      }),
      { numRuns: 5000 },
    );
  });

  it('has numbers of 1 to 5 bytes, which come back', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.integer(), fc.integer({ min: -70, max: 70 }))), (values) => {
        const bytes = new Uint8Array(values.reduce((sum, value) => sum + intLength(value), 0));
        let end = 0;
        for (const value of values) end = putInt(bytes, end, value);
        const reader = new IntReader(bytes);
        expect(values.map(() => reader.next())).toEqual(values);
        expect([end, reader.position, reader.overrun]).toEqual([bytes.length, bytes.length, false]);
      }),
    );
  });
});
