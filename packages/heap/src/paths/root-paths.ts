import { type HeapFile, ROOT_KINDS, type RootKind } from '../graph/heap.ts';

/** Not reached from any root. */
export const UNREACHED = 0xffffffff;

/**
 * Which roots explain best why an object lives: what a developer has named comes before what the runtime keeps, and a stack slot,
 * which passes, comes last. A node goes with the best root that reaches it, by the shortest path from such roots.
 */
const TIERS: readonly (readonly RootKind[])[] = [
  ['static'],
  ['thread static'],
  ['strong handle', 'pinned handle', 'reference-counted handle', 'sized handle', 'async pinned handle'],
  ['finalizer queue', 'frozen segment', 'other'],
  ['stack'],
];

export interface RootPaths {
  /** Node that a node was reached from; nodeCount + r: it is root r itself; UNREACHED. */
  readonly parent: Uint32Array;
}

const cache = new WeakMap<HeapFile, RootPaths>();

/** Breadth first from the roots, tier by tier. 8 bytes per node. */
export function rootPaths(heap: HeapFile): RootPaths {
  const known = cache.get(heap);
  if (known) return known;
  const { nodeCount, firstEdge, edges, roots } = heap;
  const parent = new Uint32Array(nodeCount).fill(UNREACHED);
  const queue = new Uint32Array(nodeCount);
  let head = 0;
  let tail = 0;
  for (const tier of rootsByTier(heap)) {
    for (const root of tier) {
      const node = roots.node[root] ?? 0;
      if (parent[node] !== UNREACHED) continue;
      parent[node] = nodeCount + root;
      queue[tail++] = node;
    }
    while (head < tail) {
      const node = queue[head++] ?? 0;
      const end = firstEdge[node + 1] ?? 0;
      for (let edge = firstEdge[node] ?? 0; edge < end; edge++) {
        const to = edges[edge] ?? 0;
        if (parent[to] !== UNREACHED) continue;
        parent[to] = node;
        queue[tail++] = to;
      }
    }
  }
  const result = { parent };
  cache.set(heap, result);
  return result;
}

/** Numbers of roots, best tier first; a static with a name before all others. */
function rootsByTier(heap: HeapFile): number[][] {
  const tiers: number[][] = [[], ...TIERS.map(() => [])];
  for (let root = 0; root < heap.roots.node.length; root++) {
    const kind = ROOT_KINDS[heap.roots.kind[root] ?? 0] ?? 'other';
    const named = kind === 'static' && heap.roots.name(root) !== '';
    tiers[named ? 0 : 1 + TIERS.findIndex((tier) => tier.includes(kind))]?.push(root);
  }
  return tiers;
}

/** Nodes from a root's down to the given one, and the root's number; undefined when no root reaches it. */
export function pathTo(heap: HeapFile, node: number): { root: number; nodes: number[] } | undefined {
  const { parent } = rootPaths(heap);
  const nodes: number[] = [];
  for (let at = node; ; at = parent[at] ?? UNREACHED) {
    if (at === UNREACHED) return undefined;
    if (at >= heap.nodeCount) return { root: at - heap.nodeCount, nodes: nodes.reverse() };
    nodes.push(at);
  }
}
