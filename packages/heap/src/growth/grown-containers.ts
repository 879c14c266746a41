import type { HeapFile } from '../graph/heap.ts';
import { pathNames } from '../paths/names.ts';
import { shapesOf } from '../paths/shapes.ts';
import { isArrayName, isCollection } from './type-classes.ts';

/** Collections of one place in the program: same root, same types on the way. */
export interface GrownContainer {
  /** The collection, or the array where it belongs to none. */
  readonly type: string;
  /** Root, then short type names, down to the container. */
  readonly path: readonly string[];
  readonly before: ContainerSize;
  readonly after: ContainerSize;
}

export interface ContainerSize {
  /** How many arrays there are at this place. */
  readonly objects: number;
  /** References in them, all together; a dictionary has two per entry when key and value are objects. */
  readonly elements: number;
  readonly retainedBytes: number | null;
}

interface Place extends ContainerSize {
  readonly type: string;
  readonly path: readonly string[];
}

/** Containers with more elements, or which retain more, than before. */
export function grownContainers(before: HeapFile, after: HeapFile): GrownContainer[] {
  const earlier = containers(before);
  const grown: GrownContainer[] = [];
  for (const [key, { type, path, ...now }] of containers(after)) {
    const place = earlier.get(key);
    const then: ContainerSize = place
      ? { objects: place.objects, elements: place.elements, retainedBytes: place.retainedBytes }
      : { objects: 0, elements: 0, retainedBytes: now.retainedBytes === null ? null : 0 };
    const change = { type, path, before: then, after: now };
    if (now.elements > then.elements || retainedGrowth(change) > 0) grown.push(change);
  }
  return grown.sort(
    (a, b) =>
      retainedGrowth(b) - retainedGrowth(a) ||
      b.after.elements - b.before.elements - (a.after.elements - a.before.elements) ||
      (a.type < b.type ? -1 : 1),
  );
}

function retainedGrowth({ before, after }: Pick<GrownContainer, 'before' | 'after'>): number {
  return (after.retainedBytes ?? 0) - (before.retainedBytes ?? 0);
}

/** All arrays that refer to something, by root and types on their path. */
function containers(heap: HeapFile): Map<string, Place> {
  const shapes = shapesOf(heap);
  const isArray = Uint8Array.from(heap.types, ({ name }) => (isArrayName(name) ? 1 : 0));
  const sums = new Map<number, { objects: number; elements: number; retained: number }>();
  for (let node = 0; node < heap.nodeCount; node++) {
    if (isArray[heap.type[node] ?? 0] !== 1) continue;
    const elements = (heap.firstEdge[node + 1] ?? 0) - (heap.firstEdge[node] ?? 0);
    const shape = elements === 0 ? undefined : shapes.of(node);
    if (shape === undefined) continue;
    const sum = sums.get(shape) ?? { objects: 0, elements: 0, retained: 0 };
    sum.objects += 1;
    sum.elements += elements;
    sum.retained += heap.dominators?.retained.at(node) ?? 0;
    sums.set(shape, sum);
  }
  const places = new Map<string, Place>();
  for (const [shape, { objects, elements, retained }] of sums) {
    const path = shapes.describe(shape);
    let end = path.types.length;
    while (isCollection(path.types[end - 2] ?? '')) end -= 1;
    const type = path.types[end - 1] ?? '?';
    places.set([path.root, ...path.types].join('\0'), {
      ...{ type, path: pathNames({ ...path, types: path.types.slice(0, end) }) },
      ...{ objects, elements, retainedBytes: heap.dominators ? retained : null },
    });
  }
  return places;
}
