import { type HeapFile, Uint64Column } from '@firstchance/heap';

const TYPES = ['System.Collections.Generic.List<Shop.Session>', 'Shop.Session[]', 'Shop.Session', 'Shop.SessionKey'];

/** s_sessions → List → array → sessions, each with a key; one session more on a stack. */
export function shop(sessions: number): HeapFile {
  const types = [0, 1, ...Array.from({ length: sessions }, () => [2, 3]).flat(), 2];
  const references = [[1], Array.from({ length: sessions }, (_value, index) => 2 + 2 * index)];
  for (let node = 2; node < types.length; node++)
    references.push(types[node] === 2 && node + 1 < types.length ? [node + 1] : []);
  const roots = [
    { node: 0, kind: 1, name: 'static Shop.Store.s_sessions' },
    { node: types.length - 1, kind: 3, name: '' },
  ];
  return { ...heapOf(TYPES, types, references, roots), unreachable: [{ type: 2, instances: 7, bytes: 224 }] };
}

/**
 * A heap of objects of 32 bytes.
 * @param types of each object, an index into names
 * @param references of each object
 */
export function heapOf(
  names: readonly string[],
  types: readonly number[],
  references: readonly (readonly number[])[],
  roots: readonly { readonly node: number; readonly kind: number; readonly name: string }[],
): HeapFile {
  const firstEdge = [0];
  for (const list of references) firstEdge.push((firstEdge.at(-1) ?? 0) + list.length);
  return {
    meta: {
      time: '2026-11-25T10:00:00.000Z',
      ...{ pid: 1234, process: { name: 'shop', commandLine: ['shop'], runtime: '10.0.12', architecture: 'x64' } },
      ...{ complete: true, why: '', notes: [] },
    },
    types: names.map((name) => ({ name, module: 'Shop.dll', isArray: name.endsWith('[]'), isString: false })),
    methodTables: Uint64Column.of(names.map((_name, index) => index + 1)),
    nodeCount: types.length,
    address: Uint64Column.of(types.map((_type, index) => 0x7f00_0000_0000 + 64 * index)),
    type: Uint32Array.from(types),
    size8: new Uint32Array(types.length).fill(4),
    firstEdge: Uint32Array.from(firstEdge),
    edges: Uint32Array.from(references.flat()),
    roots: {
      node: Uint32Array.from(roots.map(({ node }) => node)),
      kind: Uint8Array.from(roots.map(({ kind }) => kind)),
      name: (root) => roots[root]?.name ?? '',
    },
    ...{ dominators: null, unreachable: [] },
  };
}
