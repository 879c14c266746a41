import { type HeapFile, type RootKind, rootKind } from '../graph/heap.ts';
import { typeGroups } from '../graph/type-groups.ts';
import { rootPaths, UNREACHED } from './root-paths.ts';

/** A run of at most this many types that comes again is a chain: Node → Node → Node, Node → Entry → Node → Entry. */
const LONGEST_PERIOD = 4;
const NONE = -1;

/** Root and types on the way to an object, chains collapsed; objects of one shape are held in the same way. */
export interface Shape {
  readonly root: string;
  readonly rootKind: RootKind;
  /** Full type names from below the root to the object. */
  readonly types: readonly string[];
}

/**
 * Shapes of the shortest paths of one heap, as a tree of prefixes that grows as nodes are asked for. Each node's shape is found
 * from its parent's and remembered: a list of millions of nodes costs one step per node.
 */
export class Shapes {
  readonly #heap: HeapFile;
  readonly #parent: Uint32Array;
  readonly #groupOf: Uint32Array;
  readonly #shapeOfNode: Int32Array;
  /** Of each shape: the one above it (NONE: a root), its last type's group (or ~number into #roots). */
  readonly #above: number[] = [];
  readonly #group: number[] = [];
  readonly #children = new Map<number, number>();
  readonly #roots: { root: string; rootKind: RootKind }[] = [];
  readonly #rootShapes = new Map<string, number>();

  constructor(heap: HeapFile) {
    this.#heap = heap;
    this.#parent = rootPaths(heap).parent;
    this.#groupOf = typeGroups(heap).groupOf;
    this.#shapeOfNode = new Int32Array(heap.nodeCount).fill(NONE);
  }

  /** Number of a node's shape; undefined when no root reaches it. */
  of(node: number): number | undefined {
    const trail: number[] = [];
    let at = node;
    while (at < this.#heap.nodeCount && this.#shapeOfNode[at] === NONE) {
      trail.push(at);
      at = this.#parent[at] ?? UNREACHED;
    }
    if (at === UNREACHED) return undefined;
    let shape = at >= this.#heap.nodeCount ? this.#rootShape(at - this.#heap.nodeCount) : (this.#shapeOfNode[at] ?? 0);
    for (let below = trail.pop(); below !== undefined; below = trail.pop()) {
      shape = this.#extend(shape, this.#groupOf[this.#heap.type[below] ?? 0] ?? 0);
      this.#shapeOfNode[below] = shape;
    }
    return shape;
  }

  /** The shape that ends one type earlier; undefined above the first type. */
  above(shape: number): number | undefined {
    const above = this.#above[shape] ?? NONE;
    return above === NONE || (this.#group[above] ?? 0) < 0 ? undefined : above;
  }

  describe(shape: number): Shape {
    const types: string[] = [];
    const { groups } = typeGroups(this.#heap);
    let at = shape;
    for (; (this.#group[at] ?? NONE) >= 0; at = this.#above[at] ?? NONE)
      types.push(groups[this.#group[at] ?? 0]?.name ?? '?');
    const root = this.#roots[~(this.#group[at] ?? NONE)];
    return { root: root?.root ?? '', rootKind: root?.rootKind ?? 'other', types: types.reverse() };
  }

  #rootShape(root: number): number {
    const kind = rootKind(this.#heap, root);
    const text = this.#heap.roots.name(root) || kind;
    const key = `${kind}\0${text}`;
    const known = this.#rootShapes.get(key);
    if (known !== undefined) return known;
    const shape = this.#above.push(NONE) - 1;
    this.#group.push(~(this.#roots.push({ root: text, rootKind: kind }) - 1));
    this.#rootShapes.set(key, shape);
    return shape;
  }

  #extend(shape: number, group: number): number {
    const key = shape * this.#heap.types.length + group;
    const known = this.#children.get(key);
    if (known !== undefined) return known;
    const result = this.#collapsed(shape, group) ?? this.#above.push(shape) - 1;
    if (result === this.#group.length) this.#group.push(group);
    this.#children.set(key, result);
    return result;
  }

  /** When shape + group ends in the same run of types twice: the shape with that run once. */
  #collapsed(shape: number, group: number): number | undefined {
    const tail = [group];
    for (
      let at = shape;
      tail.length < 2 * LONGEST_PERIOD && (this.#group[at] ?? NONE) >= 0;
      at = this.#above[at] ?? NONE
    )
      tail.push(this.#group[at] ?? 0);
    for (let period = 1; 2 * period <= tail.length; period++) {
      if (!tail.slice(0, period).every((entry, index) => entry === tail[index + period])) continue;
      let result = shape;
      for (let step = 1; step < period; step++) result = this.#above[result] ?? NONE;
      return result;
    }
    return undefined;
  }
}

const cache = new WeakMap<HeapFile, Shapes>();

export function shapesOf(heap: HeapFile): Shapes {
  const known = cache.get(heap) ?? new Shapes(heap);
  cache.set(heap, known);
  return known;
}
