import { withDominators } from '../dominators/compute-dominators.ts';
import type { HeapFile } from '../graph/heap.ts';
import { nodesOfType } from '../graph/type-groups.ts';
import { fingerprint } from '../paths/fingerprint.ts';
import { pathNames } from '../paths/names.ts';
import { type PathGroup, pathGroups } from '../paths/path-groups.ts';
import { type TypeSize, typesBySize } from '../types-by-size.ts';
import { grownContainer } from './container.ts';
import { CURES, type LeakPattern, recognisePattern } from './pattern.ts';
import { type TypeClass, typeClass } from './type-classes.ts';

export interface GrowthCandidate {
  readonly type: string;
  readonly module: string;
}

/** A type that grew, with what holds the objects that came. Differences are after minus before. */
export interface RankedGrowth extends GrowthCandidate {
  readonly class: TypeClass;
  readonly instances: number;
  /** Of the instances themselves. */
  readonly bytes: number;
  /** What would go with all instances. */
  readonly retainedBytes: number;
  readonly perOperation: number;
  readonly bytesPerOperation: number;
  readonly retainedBytesPerOperation: number;
  /** Nearest collection or array on the path whose element count grew. */
  readonly container: string | null;
  /** How the new objects are held: root, then short type names. Empty when no root reaches them. */
  readonly path: readonly string[];
  readonly pattern: LeakPattern | null;
  /** What usually helps, one sentence; empty without a pattern. */
  readonly cure: string;
  /** Of channel "instances" and the path. */
  readonly fingerprint: string;
}

const CLASSES: readonly TypeClass[] = ['own', 'framework', 'plumbing'];

/**
 * Names what grew between two heaps of one process, the most telling type first: own types before those of the framework before
 * plumbing, then by growth of retained bytes. Dominators are computed where the files have none.
 * @param operations how many operations lie between the two; rates are per operation
 */
export function rankGrowth(
  before: HeapFile,
  after: HeapFile,
  candidates: readonly GrowthCandidate[],
  operations: number,
): RankedGrowth[] {
  const heaps = { before: withDominators(before), after: withDominators(after) };
  const sizes = { before: typesBySize(heaps.before), after: typesBySize(heaps.after) };
  return candidates
    .map((candidate) => {
      const growth = differenceOf(sizes.before, sizes.after, candidate);
      return {
        ...{ type: candidate.type, module: candidate.module, class: typeClass(candidate.type, candidate.module) },
        ...growth,
        perOperation: growth.instances / Math.max(1, operations),
        bytesPerOperation: growth.bytes / Math.max(1, operations),
        retainedBytesPerOperation: growth.retainedBytes / Math.max(1, operations),
        ...explain(heaps.before, heaps.after, candidate),
      };
    })
    .sort(
      (a, b) =>
        CLASSES.indexOf(a.class) - CLASSES.indexOf(b.class) ||
        b.retainedBytes - a.retainedBytes ||
        b.instances - a.instances ||
        (a.type < b.type ? -1 : 1),
    );
}

function differenceOf(before: readonly TypeSize[], after: readonly TypeSize[], candidate: GrowthCandidate) {
  const [then, now] = [sumOf(before, candidate), sumOf(after, candidate)];
  return {
    instances: now.instances - then.instances,
    bytes: now.bytes - then.bytes,
    retainedBytes: now.retainedBytes - then.retainedBytes,
  };
}

function sumOf(sizes: readonly TypeSize[], { type, module }: GrowthCandidate) {
  const named = sizes.filter((size) => size.type === type);
  const exact = named.filter((size) => size.module === module);
  const sum = { instances: 0, bytes: 0, retainedBytes: 0 };
  for (const size of exact.length > 0 ? exact : named) {
    sum.instances += size.instances;
    sum.bytes += size.bytes;
    sum.retainedBytes += size.retainedBytes ?? 0;
  }
  return sum;
}

/** The path whose number of objects grew most is that of the new ones, wherever a collection has moved them. */
function explain(before: HeapFile, after: HeapFile, { type, module }: GrowthCandidate) {
  const [then, now] = [instancesOf(before, type, module), instancesOf(after, type, module)];
  const earlier = new Map(pathGroups(before, then).map((group) => [group.key, group]));
  const growthOf = (group: PathGroup) => group.instances - (earlier.get(group.key)?.instances ?? 0);
  const path = pathGroups(after, now).sort((a, b) => growthOf(b) - growthOf(a))[0];
  if (!path)
    return { container: null, path: [], pattern: null, cure: '', fingerprint: fingerprint('instances', [type]) };
  const same = earlier.get(path.key);
  const pattern = recognisePattern(path);
  return {
    container: grownContainer(
      { heap: after, nodes: now, path },
      same && { heap: before, nodes: then, path: same },
      growthOf(path),
    ),
    path: pathNames(path),
    pattern,
    cure: pattern === null ? '' : CURES[pattern],
    fingerprint: fingerprint('instances', [path.root, ...path.types]),
  };
}

function instancesOf(heap: HeapFile, type: string, module: string): Uint32Array {
  const exact = nodesOfType(heap, type, module);
  return exact.length > 0 ? exact : nodesOfType(heap, type);
}
