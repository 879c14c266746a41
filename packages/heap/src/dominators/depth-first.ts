import type { HeapFile } from '../graph/heap.ts';

/** Preorder numbers from 1; 0 stands for all roots together, and for nodes that no root reaches. */
export interface DepthFirst {
  /** Node of each number. */
  readonly order: Uint32Array;
  /** Number of each node. */
  readonly numberOf: Uint32Array;
  /** Number of each number's parent in the tree of the walk. */
  readonly parent: Uint32Array;
  readonly reached: number;
}

/** Walks the graph from its roots, depth first, without recursion. */
export function depthFirst(heap: HeapFile): DepthFirst {
  const { nodeCount, firstEdge, edges, roots } = heap;
  const order = new Uint32Array(nodeCount + 1);
  const numberOf = new Uint32Array(nodeCount);
  const parent = new Uint32Array(nodeCount + 1);
  /** Next edge to follow, by number. */
  const cursor = new Uint32Array(nodeCount + 1);
  let reached = 0;
  const enter = (node: number, from: number) => {
    reached += 1;
    order[reached] = node;
    numberOf[node] = reached;
    parent[reached] = from;
    cursor[reached] = firstEdge[node] ?? 0;
    return reached;
  };
  for (const root of roots.node) {
    if (numberOf[root] !== 0) continue;
    let at = enter(root, 0);
    while (at !== 0) {
      const end = firstEdge[(order[at] ?? 0) + 1] ?? 0;
      let edge = cursor[at] ?? 0;
      while (edge < end && numberOf[edges[edge] ?? 0] !== 0) edge += 1;
      cursor[at] = edge + 1;
      at = edge < end ? enter(edges[edge] ?? 0, at) : (parent[at] ?? 0);
    }
  }
  return { order, numberOf, parent, reached };
}
