import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type HeapFile, NO_NODE } from '../graph/heap.ts';
import { buildHeap, type SketchNode } from '../testing/build-heap.ts';
import { typesBySize } from '../types-by-size.ts';
import { withDominators } from './compute-dominators.ts';

/** Nodes that the roots reach when one is taken away: the definition itself. */
function reachable(heap: HeapFile, without = -1): Set<number> {
  const seen = new Set<number>();
  const todo = [...heap.roots.node];
  for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
    if (node === without || seen.has(node)) continue;
    seen.add(node);
    todo.push(...heap.edges.subarray(heap.firstEdge[node], heap.firstEdge[node + 1]));
  }
  return seen;
}

const graphs = fc
  .integer({ min: 1, max: 14 })
  .chain((count) =>
    fc.record({
      refs: fc.array(fc.array(fc.nat(count - 1), { maxLength: 3 }), { minLength: count, maxLength: count }),
      types: fc.array(fc.constantFrom('A', 'B', 'C'), { minLength: count, maxLength: count }),
      roots: fc.array(fc.nat(count - 1), { minLength: 1, maxLength: 3 }),
    }),
  )
  .map(({ refs, types, roots }) =>
    buildHeap(
      Object.fromEntries(
        refs.map((to, index): [string, SketchNode] => [
          `n${index}`,
          { type: types[index] ?? 'A', bytes: 8 * (index + 1), refs: to.map((number) => `n${number}`) },
        ]),
      ),
      roots.map((root) => [`n${root}`, 'stack'] as const),
    ),
  );

describe('dominators', () => {
  it('are those of the definition, and so are retained sizes, of nodes and of types', () => {
    fc.assert(
      fc.property(graphs, (heap) => {
        const { dominators } = withDominators(heap);
        const all = reachable(heap);
        const lost = (gone: (node: number) => boolean, left: Set<number>) =>
          [...all].filter((node) => gone(node) || !left.has(node));
        const bytes = (nodes: number[]) => nodes.reduce((sum, node) => sum + (heap.size8[node] ?? 0) * 8, 0);
        for (const node of all) {
          const left = reachable(heap, node);
          expect(dominators.retained.at(node)).toBe(bytes(lost(() => false, left)));
          for (const other of lost((one) => one === node, left)) {
            if (other === node) continue;
            // Everything that goes with the node has it among its dominators.
            let above = dominators.idom[other] ?? NO_NODE;
            while (above !== node && above !== NO_NODE) above = dominators.idom[above] ?? NO_NODE;
            expect(above).toBe(node);
          }
        }
        // A type's retained bytes: union of what each instance retains.
        for (const { type, retainedBytes } of typesBySize(withDominators(heap))) {
          const instances = [...all].filter((node) => heap.types[heap.type[node] ?? 0]?.name === type);
          if (instances.length === 0) continue;
          const union = new Set(instances.flatMap((node) => lost(() => false, reachable(heap, node))));
          const unreached = [...heap.type.keys()].filter(
            (node) => !all.has(node) && heap.types[heap.type[node] ?? 0]?.name === type,
          );
          expect(retainedBytes).toBe(bytes([...union]) + bytes(unreached));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('of a million-deep linked list need no recursion', () => {
    const depth = 1_000_000;
    const one = buildHeap({ a: { type: 'Node', bytes: 24 } }, [['a', 'stack']]);
    const heap: HeapFile = {
      ...one,
      nodeCount: depth,
      type: new Uint32Array(depth),
      size8: new Uint32Array(depth).fill(3),
      firstEdge: Uint32Array.from({ length: depth + 1 }, (_value, index) => Math.min(index, depth - 1)),
      edges: Uint32Array.from({ length: depth - 1 }, (_value, index) => index + 1),
    };
    const whole = withDominators(heap);
    expect(whole.dominators.retained.at(0)).toBe(24 * depth);
    expect(typesBySize(whole)).toMatchObject([{ instances: depth, bytes: 24 * depth, retainedBytes: 24 * depth }]);
  });

  it('of a long list whose nodes refer to objects that are held elsewhere too are no quadratic work', () => {
    // Lists of n nodes, each with an object that an array holds as well: walking up for each would be n²/2 = 10^10 steps.
    const n = 150_000;
    const one = buildHeap({ a: { type: 'Node' }, b: { type: 'Item' } }, [['a', 'stack']]);
    const firstEdge = new Uint32Array(2 * n + 2);
    const edges: number[] = [];
    for (let node = 0; node < n; node++) {
      if (node + 1 < n) edges.push(node + 1);
      edges.push(n + node);
      firstEdge[node + 1] = edges.length;
    }
    for (let node = n; node < 2 * n; node++) firstEdge[node + 1] = edges.length;
    for (let item = 0; item < n; item++) edges.push(n + item);
    firstEdge[2 * n + 1] = edges.length;
    const heap: HeapFile = {
      ...{ ...one, nodeCount: 2 * n + 1, type: new Uint32Array(2 * n + 1), size8: new Uint32Array(2 * n + 1).fill(1) },
      ...{ firstEdge, edges: Uint32Array.from(edges) },
      roots: { node: Uint32Array.of(0, 2 * n), kind: Uint8Array.of(3, 3), name: () => '' },
    };
    const { idom, retained } = withDominators(heap).dominators;
    expect([idom[n], idom[2 * n - 1], retained.at(0), retained.at(2 * n)]).toEqual([NO_NODE, NO_NODE, 8 * n, 8]);
  });
});
