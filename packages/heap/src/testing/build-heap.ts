import { nativeHoldings } from '../file/native.ts';
import {
  type HeapFile,
  type HeapType,
  NATIVE_KINDS,
  type NativeHoldings,
  type NativeKind,
  ROOT_KINDS,
  type RootKind,
} from '../graph/heap.ts';
import { Uint64Column } from '../graph/uint64-column.ts';

export interface SketchNode {
  readonly type: string;
  /** Default 24. */
  readonly bytes?: number;
  readonly refs?: readonly (string | number)[];
  /** Native memory that it holds. */
  readonly native?: readonly (readonly [kind: NativeKind, bytes: number, depth: number])[];
}

/** What was found of native memory besides that. */
export interface SketchNative {
  readonly unheld?: Partial<Record<NativeKind, number>>;
  readonly why?: string;
}

/** A small heap in words: nodes by name, in order of address; roots as "static Shop.s_x" or a kind. Module: "Shop.dll" or the framework. */
export function buildHeap(
  nodes: Readonly<Record<string, SketchNode>>,
  roots: readonly (readonly [node: string, name: string])[],
  native?: SketchNative,
): HeapFile {
  const names = Object.keys(nodes);
  const numberOf = new Map(names.map((name, index) => [name, index]));
  const list = Object.values(nodes);
  const typeNames = [...new Set(list.map(({ type }) => type))];
  const references = list.map(({ refs = [] }) => refs.map((ref) => numberOf.get(String(ref)) ?? fail(ref)));
  const firstEdge = new Uint32Array(list.length + 1);
  references.forEach((refs, index) => {
    firstEdge[index + 1] = (firstEdge[index] ?? 0) + refs.length;
  });
  return {
    meta: {
      time: '2026-11-25T10:00:00.000Z',
      pid: 1234,
      process: { name: 'shop', commandLine: ['shop'], runtime: '10.0.12', architecture: 'x64' },
      ...{ complete: true, why: '', notes: [] },
    },
    types: typeNames.map(typeFor),
    methodTables: Uint64Column.of(typeNames.map((_name, index) => 0x7f00_0000_0000 + index * 256)),
    nodeCount: list.length,
    address: Uint64Column.of(list.map((_node, index) => 0x7fff_0000_0000 + index * 64)),
    type: Uint32Array.from(list, ({ type }) => typeNames.indexOf(type)),
    size8: Uint32Array.from(list, ({ bytes = 24 }) => bytes / 8),
    firstEdge,
    edges: Uint32Array.from(references.flat()),
    roots: {
      node: Uint32Array.from(roots, ([node]) => numberOf.get(node) ?? fail(node)),
      kind: Uint8Array.from(roots, ([, name]) => kindOf(name)),
      name: (root) => {
        const name = roots[root]?.[1] ?? '';
        return ROOT_KINDS.includes(name as RootKind) ? '' : name;
      },
    },
    dominators: null,
    unreachable: [],
    native: native || list.some((node) => node.native) ? nativeOf(list, native) : null,
  };
}

function nativeOf(nodes: readonly SketchNode[], { unheld = {}, why = '' }: SketchNative = {}): NativeHoldings {
  const entries = nodes.flatMap(({ native = [] }, node) =>
    native.map(([kind, bytes, depth]) => ({ node, kind, bytes, depth })),
  );
  const words = entries.flatMap(({ node, kind, bytes, depth }) => [
    ...[node, (NATIVE_KINDS.indexOf(kind) + 1) | (depth << 8), bytes % 2 ** 32, Math.floor(bytes / 2 ** 32)],
  ]);
  const total = (kind: NativeKind) => {
    const held = entries.filter((entry) => entry.kind === kind);
    const heldBytes = held.reduce((sum, { bytes }) => sum + bytes, 0);
    return { heldBytes, bytes: heldBytes + (unheld[kind] ?? 0), blocks: held.length };
  };
  const totals = { malloc: total('malloc'), anonymous: total('anonymous'), file: total('file') };
  return nativeHoldings(Uint32Array.from(words), totals, why);
}

function kindOf(name: string): number {
  const kind = ROOT_KINDS.indexOf(name as RootKind, 1);
  return kind > 0 ? kind : name.startsWith('thread static ') ? 2 : 1;
}

function typeFor(name: string): HeapType {
  const framework = /^(System|Microsoft)\./.test(name);
  return {
    name,
    module: framework ? 'System.Private.CoreLib.dll' : 'Shop.dll',
    isArray: name.endsWith('[]'),
    isString: name === 'System.String',
  };
}

function fail(ref: string | number): never {
  throw new Error(`no node ${ref}`);
}
