import { NATIVE_KINDS, type NativeHoldings } from '../graph/heap.ts';
import type { Columns } from './columns.ts';
import type { HeapMeta } from './meta.ts';
import type { Refuse } from './sections.ts';

/** Words of one element: node; kind, depth and two bytes of nothing; bytes, low and high. */
const WORDS = 4;

/** Section "native", checked; null where the file has none. */
export function nativeOf(columns: Columns, meta: HeapMeta, nodeCount: number, refuse: Refuse): NativeHoldings | null {
  if (!columns.has('native')) return null;
  if (!meta.native)
    throw refuse('heap-file-damaged', 'section "native" is there and section "meta" does not tell of it');
  const words = columns.words('native', WORDS);
  for (let at = 0; at < words.length; at += WORDS) {
    const [node = 0, kinds = 0, , high = 0] = words.subarray(at, at + WORDS);
    const kind = kinds & 0xff;
    if (node >= nodeCount || kind < 1 || kind > NATIVE_KINDS.length || high >= 2 ** 21)
      throw refuse('heap-file-damaged', `section "native" has an impossible entry ${at / WORDS}`);
  }
  const { why, ...totals } = meta.native;
  return nativeHoldings(words, totals, why);
}

/** Holdings over the words of a file, or of one to be. */
export function nativeHoldings(words: Uint32Array, totals: NativeHoldings['totals'], why: string): NativeHoldings {
  const word = (entry: number, index: number) => words[WORDS * entry + index] ?? 0;
  return {
    ...{ totals, why, count: words.length / WORDS },
    node: (entry) => word(entry, 0),
    kind: (entry) => NATIVE_KINDS[(word(entry, 1) & 0xff) - 1] ?? 'malloc',
    depth: (entry) => (word(entry, 1) >>> 8) & 0xff,
    bytes: (entry) => word(entry, 3) * 2 ** 32 + word(entry, 2),
  };
}

/** The words of a section, for a file to be written. */
export function nativeWords(native: NativeHoldings): Uint32Array {
  const words = new Uint32Array(native.count * WORDS);
  for (let entry = 0; entry < native.count; entry++) {
    const bytes = native.bytes(entry);
    const kind = NATIVE_KINDS.indexOf(native.kind(entry)) + 1;
    words.set([native.node(entry), kind | (native.depth(entry) << 8), bytes % 2 ** 32, bytes / 2 ** 32], WORDS * entry);
  }
  return words;
}
