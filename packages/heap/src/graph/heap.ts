import type { HeapMeta } from '../file/meta.ts';
import type { Uint64Column } from './uint64-column.ts';

/** Only all roots together dominate the node. */
export const NO_NODE = 0xffffffff;

export const ROOT_KINDS = [
  'other',
  'static',
  'thread static',
  'stack',
  'strong handle',
  'pinned handle',
  'async pinned handle',
  'reference-counted handle',
  'sized handle',
  'finalizer queue',
  'frozen segment',
  'other',
] as const;
export type RootKind = (typeof ROOT_KINDS)[number];

export interface HeapType {
  readonly name: string;
  readonly module: string;
  readonly isArray: boolean;
  readonly isString: boolean;
}

export interface HeapRoots {
  readonly node: Uint32Array;
  /** Numbers of docs/heap-file.md. */
  readonly kind: Uint8Array;
  /** "static Shop.Store.s_sessions"; empty when it has none. */
  name(root: number): string;
}

/** Where native memory comes from: by the numbers of docs/heap-file.md. */
export const NATIVE_KINDS = ['malloc', 'anonymous', 'file'] as const;
export type NativeKind = (typeof NATIVE_KINDS)[number];

export interface NativeTotal {
  /** All that was found. */
  readonly bytes: number;
  /** Of these, what a reachable object holds. */
  readonly heldBytes: number;
  readonly blocks: number;
}

/** Which objects hold native memory. */
export interface NativeHoldings {
  readonly totals: Readonly<Record<NativeKind, NativeTotal>>;
  /** What was not looked at; empty: nothing. */
  readonly why: string;
  /** Entries: node and kind, each depth of its own. */
  readonly count: number;
  node(entry: number): number;
  kind(entry: number): NativeKind;
  /** Native blocks on the way: 1 when the object itself has the pointer. */
  depth(entry: number): number;
  bytes(entry: number): number;
}

/** Dead objects still on the heap, of one type. */
export interface Unreachable {
  readonly type: number;
  readonly instances: number;
  readonly bytes: number;
}

/**
 * The reachable objects of one process at one moment. Nodes are numbered by ascending address; node n refers to
 * edges[firstEdge[n] … firstEdge[n + 1]). All indexes are within range: whoever makes a HeapFile has checked them.
 */
export interface HeapFile {
  readonly meta: HeapMeta;
  readonly types: readonly HeapType[];
  readonly methodTables: Uint64Column;
  readonly nodeCount: number;
  readonly address: Uint64Column;
  readonly type: Uint32Array;
  /** Bytes / 8. */
  readonly size8: Uint32Array;
  readonly firstEdge: Uint32Array;
  readonly edges: Uint32Array;
  readonly roots: HeapRoots;
  /** Immediate dominator or NO_NODE, and bytes that would go with the node; null when nobody has computed them. */
  readonly dominators: { readonly idom: Uint32Array; readonly retained: Uint64Column } | null;
  readonly unreachable: readonly Unreachable[];
  /** Null or absent when nobody has looked for it. */
  readonly native?: NativeHoldings | null;
}

export function rootKind(heap: HeapFile, root: number): RootKind {
  return ROOT_KINDS[heap.roots.kind[root] ?? 0] ?? 'other';
}

export function typeOf(heap: HeapFile, node: number): HeapType {
  return heap.types[heap.type[node] ?? 0] ?? UNKNOWN_TYPE;
}

/** Bytes of the node alone. */
export function sizeOf(heap: HeapFile, node: number): number {
  return (heap.size8[node] ?? 0) * 8;
}

/** The node at an address, by bisection; undefined when no reachable object starts there. */
export function nodeAt(heap: HeapFile, address: number): number | undefined {
  let low = 0;
  let high = heap.nodeCount - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = heap.address.at(middle);
    if (found === address) return middle;
    if (found < address) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}

const UNKNOWN_TYPE: HeapType = { name: '?', module: '', isArray: false, isString: false };
