import { describe, expect, it } from 'vitest';
import type { HeapFile } from '../graph/heap.ts';
import { buildHeap, type SketchNative, type SketchNode } from '../testing/build-heap.ts';
import { nativeByType } from './native-by-type.ts';
import { nativeGrowth } from './native-growth.ts';

const KB = 1024;
const LIST = 'System.Collections.Generic.List<Shop.Picture>';

/** An album of pictures, each with a handle that maps pages; a log with an ever longer native list; the runtime's thread. */
function shop(pictures: number, logged: number, native: SketchNative = {}): HeapFile {
  const each = Array.from({ length: pictures }, (_value, index) => index);
  return buildHeap(
    {
      album: { type: LIST, refs: ['array'] },
      array: { type: 'Shop.Picture[]', refs: each.map((n) => `p${n}`) },
      ...Object.fromEntries(
        each.flatMap((n): [string, SketchNode][] => [
          [`p${n}`, { type: 'Shop.Picture', refs: [`h${n}`] }],
          [
            `h${n}`,
            {
              type: 'Microsoft.Win32.SafeHandles.SafeMapHandle',
              native: [
                ['malloc', KB, 2],
                ['anonymous', 64 * KB, 1],
              ],
            },
          ],
        ]),
      ),
      log: {
        type: 'Shop.Log',
        native: [
          ['malloc', 2 * KB, 1],
          ['malloc', logged * KB, 200],
        ],
      },
      thread: { type: 'System.Threading.Thread', native: [['malloc', 4096 * KB, 5]] },
    },
    [
      ['album', 'static Shop.Album.s_pictures'],
      ['log', 'static Shop.Log.s_log'],
      ['thread', 'strong handle'],
    ],
    native,
  );
}

describe('native memory by type', () => {
  it('is that of all its objects; certain is what is near', () => {
    const [thread, log, handle] = nativeByType(shop(3, 500));
    expect(thread).toMatchObject({ type: 'System.Threading.Thread', objects: 1, bytes: 4096 * KB, sureBytes: 0 });
    expect(log).toMatchObject({ type: 'Shop.Log', objects: 1, bytes: 502 * KB, sureBytes: 2 * KB });
    expect(handle).toMatchObject({ objects: 3, bytes: 3 * 65 * KB, sureBytes: 3 * 65 * KB });
    expect(nativeByType(shop(3, 500), ['anonymous']).map(({ bytes }) => bytes)).toEqual([3 * 64 * KB]);
  });

  it('is nothing where the file does not say', () => {
    const silent = buildHeap({ a: { type: 'Shop.Log' } }, [['a', 'stack']]);
    expect(nativeByType(silent)).toEqual([]);
    expect(nativeGrowth(silent, shop(1, 1), { kinds: ['malloc'], channel: 'mallocBytes', growing: [] })).toBeNull();
  });
});

describe('growth of native memory', () => {
  it('is the difference by type: what the runtime has all the time is none', () => {
    const request = { kinds: ['malloc'] as const, channel: 'mallocBytes', growing: [] };
    const grown = nativeGrowth(shop(2, 10), shop(2, 110, { unheld: { malloc: 7 * KB }, why: 'too much' }), request);
    expect(grown).toMatchObject({ bytes: 107 * KB, unheldBytes: 7 * KB, why: 'too much' });
    expect(grown?.owners).toHaveLength(1);
    expect(grown?.owners[0]).toMatchObject({
      ...{ type: 'Shop.Log', class: 'own', objects: 0, bytes: 100 * KB, sureBytes: 0 },
      ...{ path: ['static Shop.Log.s_log', 'Log'], keptBy: null, heldBy: null },
    });
  });

  it('names the program’s own object above a handle of the framework, and the growing type it hangs on', () => {
    const request = { kinds: ['anonymous'] as const, channel: 'privateBytes.other' };
    const [before, after] = [shop(2, 10), shop(9, 10)];
    const [owner] = nativeGrowth(before, after, { ...request, growing: ['Shop.Picture'] })?.owners ?? [];
    expect(owner).toMatchObject({
      ...{ type: 'Microsoft.Win32.SafeHandles.SafeMapHandle', objects: 7, bytes: 7 * 64 * KB, sureBytes: 7 * 64 * KB },
      path: ['static Shop.Album.s_pictures', 'List<Picture>', 'Picture[]', 'Picture', 'SafeMapHandle'],
      ...{ keptBy: 'Shop.Picture', heldBy: 'Shop.Picture' },
    });
    const [alone] = nativeGrowth(before, after, { ...request, growing: [] })?.owners ?? [];
    expect(alone).toMatchObject({ keptBy: 'Shop.Picture', heldBy: null, fingerprint: owner?.fingerprint });
    const [other] = nativeGrowth(before, after, { ...request, channel: 'mappings', growing: [] })?.owners ?? [];
    expect(other?.fingerprint).not.toBe(owner?.fingerprint);
  });

  it('may be negative, and then nobody owns it', () => {
    const request = { kinds: ['malloc'] as const, channel: 'mallocBytes', growing: [] };
    expect(nativeGrowth(shop(9, 100), shop(2, 10), request)).toMatchObject({ bytes: -97 * KB, owners: [] });
  });
});
