import type { RootKind } from '../graph/heap.ts';

/*
 * .gcdump: the graph of PerfView and dotnet-gcdump, written by FastSerialization (microsoft/perfview, src/MemoryGraph and
 * src/FastSerialization). Numbers little-endian and unaligned; a text is an i32 length and UTF-8, length -1: null.
 */
export const SIGNATURE = '!FastSerialization.1';

export const TAG = {
  nullReference: 1,
  objectReference: 2,
  beginObject: 4,
  beginPrivateObject: 5,
  endObject: 6,
  byte: 8,
  string: 13,
} as const;

export const DUMP_TYPE = { name: 'GCHeapDump', version: 10, minimumReader: 8 } as const;
export const GRAPH_TYPE = { name: 'Graphs.MemoryGraph', version: 1, minimumReader: 0 } as const;

/** .NET's ticks of 100 ns since the year 1, of 1970. */
export const UNIX_TICKS = 621_355_968_000_000_000n;
export const TICKS_PER_MS = 10_000n;

/** Top node; below it one node per kind of root, below statics one per variable. */
export const ROOT_NODE = '[.NET Roots]';
const KIND_NODES: readonly (readonly [RootKind, string])[] = [
  ['static', '[static vars]'],
  ['thread static', '[thread static vars]'],
  ['stack', '[local vars]'],
  ['strong handle', '[strong Handles]'],
  ['pinned handle', '[pinning Handles]'],
  ['async pinned handle', '[async pinned Handles]'],
  ['reference-counted handle', '[reference-counted Handles]'],
  ['sized handle', '[sized Handles]'],
  ['finalizer queue', '[finalizer Handles]'],
  ['frozen segment', '[frozen segments]'],
  ['other', '[other roots]'],
];

export function kindNode(kind: RootKind): string {
  return KIND_NODES.find(([known]) => known === kind)?.[1] ?? '[other roots]';
}

/** The kind that a node of the tools' own says about what is below it; undefined: nothing. */
export function kindOfNode(type: string): RootKind | undefined {
  const exact = KIND_NODES.find(([, name]) => name === type)?.[0];
  return exact ?? (type === '[other Handles]' || type === '[Dependent Handles]' ? 'strong handle' : undefined);
}

/** "static Shop.Store.s_sessions" → "[static var Shop.Store.s_sessions]"; thread statics are told apart by the node above. */
export function variableNode(rootName: string): string {
  return `[static var ${rootName.replace(/^(thread static|static) /, '')}]`;
}

/** The variable of such a node; undefined when it is none. */
export function variableOf(type: string): string | undefined {
  return /^\[static var (.*)\]$/s.exec(type)?.[1];
}
