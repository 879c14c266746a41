import { Uint64Column } from '../../packages/heap/dist/index.js';

const TYPES = [
  'System.Object[]',
  'Shop.Node',
  'System.String',
  'System.Collections.Generic.Dictionary<System.String,Shop.Page>+Entry[]',
  'Shop.Page',
];
const [ARRAY, NODE, STRING, ENTRIES, PAGE] = [0, 1, 2, 3, 4];

/**
 * A heap of about so many objects: a third linked lists (ten, each as long as it gets), a third pages of a dictionary with their
 * texts, the rest texts in arrays; references go mostly to neighbours and sometimes far away, as on real heaps.
 */
export function bigHeap(nodes) {
  const types = new Uint32Array(nodes);
  const firstEdge = new Uint32Array(nodes + 1);
  const edges = new Uint32Array(Math.floor(nodes * 1.4));
  const [roots, names] = [[], []];
  const third = Math.floor(nodes / 3);
  const listLength = Math.floor(third / 10);
  let random = 12345;
  const next = (limit) => {
    random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
    return Math.floor((random / 2 ** 32) * limit);
  };
  let edge = 0;
  const add = (to) => {
    if (edge < edges.length) edges[edge++] = to;
  };
  const root = (node, name) => {
    roots.push(node);
    names.push(name);
  };
  for (let node = 0; node < nodes; node++) {
    firstEdge[node] = edge;
    if (node < third) {
      types[node] = NODE;
      if (node % listLength === 0) root(node, `static Shop.Lists.s_list${node / listLength}`);
      if ((node + 1) % listLength !== 0 && node + 1 < third) add(node + 1);
      if (next(8) === 0) add(2 * third + next(nodes - 2 * third));
    } else if (node === third) {
      types[node] = ENTRIES;
      root(node, 'static Shop.Pages.s_all');
      for (let page = third + 1; page + 1 < 2 * third; page += 2) add(page);
    } else if (node < 2 * third) {
      types[node] = (node - third) % 2 === 1 ? PAGE : STRING;
      if (types[node] === PAGE && node + 1 < 2 * third) add(node + 1);
    } else if ((node - 2 * third) % 1000 === 0) {
      types[node] = ARRAY;
      root(node, '');
      for (let text = node + 1; text < Math.min(node + 1000, nodes); text++) add(text);
    } else types[node] = STRING;
  }
  firstEdge[nodes] = edge;
  const address = new Float64Array(nodes);
  for (let node = 0; node < nodes; node++) address[node] = 0x7f00_0000_0000 + node * 48;
  return {
    meta: {
      time: '2026-11-25T10:00:00.000Z',
      pid: 1,
      process: { name: 'big', commandLine: [], runtime: '10.0.0', architecture: 'x64' },
      complete: true,
      why: '',
      notes: [],
    },
    types: TYPES.map((name) => ({ name, module: 'Shop.dll', isArray: name.endsWith('[]'), isString: false })),
    methodTables: Uint64Column.of(TYPES.map((_name, index) => index)),
    nodeCount: nodes,
    address: Uint64Column.of(address),
    type: types,
    size8: new Uint32Array(nodes).fill(6),
    firstEdge,
    edges: edges.subarray(0, edge),
    roots: {
      node: Uint32Array.from(roots),
      kind: Uint8Array.from(names, (name) => (name === '' ? 4 : 1)),
      name: (index) => names[index],
    },
    dominators: null,
    unreachable: [],
  };
}
