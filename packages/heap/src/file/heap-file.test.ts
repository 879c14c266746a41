import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withDominators } from '../dominators/compute-dominators.ts';
import { HeapFileError } from '../errors.ts';
import { type HeapFile, nodeAt, rootKind, typeOf } from '../graph/heap.ts';
import { reverseEdges } from '../graph/reverse-edges.ts';
import { nativeByType } from '../native/native-by-type.ts';
import { buildHeap } from '../testing/build-heap.ts';
import { typesBySize } from '../types-by-size.ts';
import { openHeapFile, parseHeapFile } from './open-heap-file.ts';
import { heapFileBytes, writeHeapFile } from './write-heap-file.ts';

const shop: HeapFile = {
  ...withDominators(
    buildHeap(
      {
        list: { type: 'System.Collections.Generic.List<Shop.Session>', bytes: 32, refs: ['array'] },
        array: { type: 'Shop.Session[]', bytes: 48, refs: ['a', 'b'] },
        a: { type: 'Shop.Session', refs: ['name'], native: [['malloc', 64_016, 1]] },
        b: {
          ...{ type: 'Shop.Session', refs: ['name'] },
          native: [
            ['anonymous', 2 ** 40 + 5, 1],
            ['file', 4096, 255],
          ],
        },
        name: { type: 'System.String', bytes: 40 },
      },
      [
        ['list', 'static Shop.Store.s_sessions'],
        ['b', 'stack'],
      ],
      { unheld: { malloc: 2 ** 33 }, why: 'it was cancelled' },
    ),
  ),
  unreachable: [{ type: 2, instances: 5_000_000_000, bytes: 2 ** 40 }],
};
const good = heapFileBytes(shop);

function holdings({ native }: HeapFile): [node: number, kind: string, depth: number, bytes: number][] {
  return Array.from({ length: native?.count ?? 0 }, (_value, entry) =>
    native ? [native.node(entry), native.kind(entry), native.depth(entry), native.bytes(entry)] : [-1, '', 0, 0],
  );
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heap-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a heap file', () => {
  it('comes back as it was written, readable by its owner only, its arrays in one buffer', async () => {
    const path = join(folder, 'heap.fch');
    await writeHeapFile(path, shop);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(new Uint8Array(await readFile(path))).toEqual(new Uint8Array(good));
    const heap = await openHeapFile(path);
    expect(heap.types).toEqual(shop.types);
    const { native, ...meta } = heap.meta;
    expect(meta).toEqual(shop.meta);
    expect(native?.malloc).toEqual({ blocks: 1, bytes: 2 ** 33 + 64_016, heldBytes: 64_016 });
    for (const column of ['type', 'size8', 'firstEdge', 'edges'] as const) expect(heap[column]).toEqual(shop[column]);
    expect(new Set([heap.type.buffer, heap.edges.buffer, heap.dominators?.idom.buffer]).size).toBe(1);
    expect(heap.roots.name(0)).toBe('static Shop.Store.s_sessions');
    expect([rootKind(heap, 0), rootKind(heap, 1)]).toEqual(['static', 'stack']);
    expect(heap.unreachable).toEqual(shop.unreachable);
    expect(holdings(heap)).toEqual([
      [2, 'malloc', 1, 64_016],
      [3, 'anonymous', 1, 2 ** 40 + 5],
      [3, 'file', 255, 4096],
    ]);
    expect(heap.native).toMatchObject({ why: 'it was cancelled', totals: shop.native?.totals });
    expect(typeOf(heap, nodeAt(heap, heap.address.at(2)) ?? -1).name).toBe('Shop.Session');
    expect(nodeAt(heap, heap.address.at(2) + 8)).toBeUndefined();
    await expect(writeHeapFile(path, shop)).rejects.toThrow(/EEXIST/);
    expect((await stat(path)).size).toBe(good.byteLength);
  });

  it.each([0, 7, 20, 31, 100, good.byteLength - 1])('of %i bytes was cut off, and says so', async (length) => {
    const path = join(folder, `cut-${length}`);
    await writeFile(path, new Uint8Array(good, 0, length));
    const code = length === 0 ? 'heap-file-unknown' : 'heap-file-cut-off';
    await expect(openHeapFile(path)).rejects.toMatchObject({ name: 'HeapFileError', code });
  });

  it('that is something else, a folder, or not there is refused', async () => {
    const path = join(folder, 'other');
    await writeFile(path, 'PK\u0003\u0004 and more than a header of it, certainly');
    await expect(openHeapFile(path)).rejects.toMatchObject({ code: 'heap-file-unknown' });
    await expect(openHeapFile(folder)).rejects.toThrow(/it is no regular file/);
    await expect(openHeapFile(join(folder, 'none'))).rejects.toMatchObject({ code: 'heap-file-unreadable' });
  });

  it('with a claimed length far beyond the file allocates nothing', async () => {
    const path = join(folder, 'claims');
    const bytes = new Uint8Array(good.slice(0));
    new DataView(bytes.buffer).setBigUint64(16, 2n ** 62n, true);
    await writeFile(path, bytes);
    await expect(openHeapFile(path)).rejects.toMatchObject({ code: 'heap-file-cut-off' });
  });

  it('of another version names both', () => {
    const bytes = good.slice(0);
    new DataView(bytes).setUint32(8, 2, true);
    expect(() => parseHeapFile(bytes, 'x')).toThrow('Reading x: it has version 2 and this firstchance reads version 1');
  });

  it('with sections unknown to us is read without them', () => {
    const bytes = good.slice(0);
    // The last ones, "unreachable" and "native", get a number of the future.
    const sections = new DataView(bytes).getUint32(12, true);
    new DataView(bytes).setUint32(32 + (sections - 1) * 24, 4711, true);
    new DataView(bytes).setUint32(32 + (sections - 2) * 24, 4712, true);
    expect(parseHeapFile(bytes, 'x')).toMatchObject({ unreachable: [], native: null });
  });

  it('without native memory is as before, and native memory of no node is refused', () => {
    const plain = parseHeapFile(heapFileBytes({ ...shop, native: null }), 'x');
    expect(plain.native).toBeNull();
    expect(plain.meta.native).toBeUndefined();
    const bytes = good.slice(0);
    new DataView(bytes).setUint32(good.byteLength - 16, 5, true);
    expect(() => parseHeapFile(bytes, 'x')).toThrow('section "native" has an impossible entry 2');
  });

  it('that is damaged anywhere is refused or harmless: never a crash, a hang or a foreign index', () => {
    const mutation = fc.array(
      fc.record({
        at: fc.integer({ min: 0, max: good.byteLength / 4 - 1 }),
        value: fc.oneof(fc.nat(8), fc.integer(), fc.constantFrom(-1, 0x7fffffff, -0x80000000)),
      }),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(mutation, fc.nat(good.byteLength), fc.boolean(), (changes, cut, whole) => {
        const bytes = good.slice(0);
        for (const { at, value } of changes) new DataView(bytes).setInt32(at * 4, value, true);
        try {
          const heap = parseHeapFile(whole ? bytes : bytes.slice(0, cut), 'x');
          expect(Math.max(-1, ...heap.edges)).toBeLessThan(heap.nodeCount);
          expect(Math.max(-1, ...heap.type)).toBeLessThan(heap.types.length);
          expect(reverseEdges(heap).from.length).toBe(heap.edges.length);
          typesBySize(heap);
          expect(Math.max(-1, ...holdings(heap).map(([node]) => node))).toBeLessThan(heap.nodeCount);
          nativeByType(heap);
        } catch (error) {
          expect(error).toBeInstanceOf(HeapFileError);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
