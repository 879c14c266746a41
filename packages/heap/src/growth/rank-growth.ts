import { isFamilyName, readableType } from '@firstchance/model';
import { withDominators } from '../dominators/compute-dominators.ts';
import type { HeapFile } from '../graph/heap.ts';
import { isOfName, nodesOfType } from '../graph/type-groups.ts';
import { fingerprint } from '../paths/fingerprint.ts';
import { pathNames } from '../paths/names.ts';
import { type PathGroup, pathGroups } from '../paths/path-groups.ts';
import { type TypeSize, typesBySize } from '../types-by-size.ts';
import { grownContainer } from './container.ts';
import { holdsAlone } from './holds-alone.ts';
import { keeperOf } from './keeper.ts';
import { CURES, type LeakPattern, recognisePattern } from './pattern.ts';
import { type TypeClass, typeClass } from './type-classes.ts';

/** 'library': made by others, though not by .NET. */
type GrowthClass = TypeClass | 'library';

export interface GrowthCandidate {
  readonly type: string;
  readonly module: string;
  /** It has no more objects than before, but larger ones: a collection of numbers or structures. */
  readonly byBytes?: boolean;
}

/** A type that grew, with what holds the objects that came. Differences are after minus before. */
export interface RankedGrowth extends GrowthCandidate {
  readonly class: TypeClass;
  /** None of the program's own, though not one of .NET either. */
  readonly library: boolean;
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
  /** The candidate that the new objects hang on, the one nearest to the root: they grow because it does. Null: they hang on none. */
  readonly heldBy: string | null;
  /** Where the root is the platform's: the nearest type above the new objects to look at (keeper.ts). */
  readonly keptBy: string | null;
  /** How the new objects are held: root, then short type names. Empty when no root reaches them. */
  readonly path: readonly string[];
  readonly pattern: LeakPattern | null;
  /** What usually helps, one sentence; empty without a pattern. */
  readonly cure: string;
  /** Of channel "instances" and the path, from `keptBy` on where there is one. */
  readonly fingerprint: string;
}

/** Part of the new objects that must be held in one way for it to be said that they hang on something. */
const MOST_OF_IT = 0.7;
/** What AsyncLocals, logging scopes and activities hang on in what was started under them. */
const FLOWING = 'System.Threading.ExecutionContext';
const CLASSES: readonly GrowthClass[] = ['own', 'library', 'async', 'framework', 'plumbing'];

/**
 * Names what grew between two heaps of one process, the most telling type first: own types before those of the framework before
 * plumbing, then by growth of retained bytes. Dominators are computed where the files have none.
 * @param operations how many operations lie between the two; rates are per operation
 * @param isLibrary whether a module is none of the program's own: its types come behind those
 */
export function rankGrowth(
  before: HeapFile,
  after: HeapFile,
  candidates: readonly GrowthCandidate[],
  operations: number,
  isLibrary: (module: string) => boolean = () => false,
): RankedGrowth[] {
  const heaps = { before: withDominators(before), after: withDominators(after) };
  const sizes = { before: typesBySize(heaps.before), after: typesBySize(heaps.after) };
  const names = candidates.map(({ type }) => type);
  const libraries = new Set(candidates.filter(({ module }) => isLibrary(module)).map(({ type }) => type));
  return candidates
    .map((candidate) => {
      const growth = differenceOf(sizes.before, sizes.after, candidate);
      return {
        ...{ type: candidate.type, module: candidate.module, class: typeClass(candidate.type, candidate.module) },
        library: libraries.has(candidate.type),
        ...growth,
        perOperation: growth.instances / Math.max(1, operations),
        bytesPerOperation: growth.bytes / Math.max(1, operations),
        retainedBytesPerOperation: growth.retainedBytes / Math.max(1, operations),
        ...explain(heaps.before, heaps.after, candidate, { names, libraries }),
      };
    })
    .sort(
      (a, b) =>
        rankOf(a.type, a.module, libraries) - rankOf(b.type, b.module, libraries) ||
        Number(a.heldBy !== null) - Number(b.heldBy !== null) ||
        b.retainedBytes - a.retainedBytes ||
        b.instances - a.instances ||
        (a.type < b.type ? -1 : 1),
    );
}

function rankOf(type: string, module: string, libraries: ReadonlySet<string>): number {
  const whose = typeClass(type, module);
  return CLASSES.indexOf(whose === 'own' && libraries.has(type) ? 'library' : whose);
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
  const named = sizes.filter((size) => isOfName(size.type, type));
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
function explain(
  before: HeapFile,
  after: HeapFile,
  { type, module, byBytes = false }: GrowthCandidate,
  { names, libraries }: { readonly names: readonly string[]; readonly libraries: ReadonlySet<string> },
) {
  const [then, now] = [instancesOf(before, type, module), instancesOf(after, type, module)];
  const families = names.filter(isFamilyName);
  const earlier = new Map(alikeGroups(pathGroups(before, then), families).map((group) => [group.key, group]));
  const growthOf = (group: PathGroup) => group.instances - (earlier.get(group.key)?.instances ?? 0);
  // Collections of numbers grow without a new object: there the bytes say which one it is, and a small array that came by chance nothing.
  const bytesOf = (group: PathGroup) => group.bytes - (earlier.get(group.key)?.bytes ?? 0);
  const groups = alikeGroups(pathGroups(after, now), families).sort(
    (a, b) => (byBytes ? bytesOf(b) - bytesOf(a) : 0) || growthOf(b) - growthOf(a) || bytesOf(b) - bytesOf(a),
  );
  const [path] = groups;
  if (!path)
    return {
      ...{ container: null, heldBy: null, keptBy: null, path: [], pattern: null, cure: '' },
      fingerprint: fingerprint('instances', [type]),
    };
  const same = earlier.get(path.key);
  const keeper = keeperOf(path, names, (above) => holdsAlone(after, above, path.newest));
  const container = grownContainer(
    { heap: after, nodes: now, path },
    same && { heap: before, nodes: then, path: same },
    growthOf(path),
  );
  const flows = names.includes(FLOWING) ? path.types.lastIndexOf(FLOWING) : -1;
  const pattern = recognisePattern(path, {
    ...{ keeper: keeper?.at, container },
    flows: flows > (keeper?.at ?? -1) ? flows : undefined,
  });
  return {
    container,
    heldBy: commonHolder(
      groups.map((group) => ({
        growth: growthOf(group),
        holder: () => holderOf(type, belowKeeper(group, names), names, libraries),
      })),
      MOST_OF_IT * (now.length - then.length),
    ),
    keptBy: keeper?.name ?? null,
    path: pathNames(path),
    pattern,
    cure: pattern === null ? '' : CURES[pattern],
    // By which of the platform's roots a service is reached differs from run to run.
    fingerprint: fingerprint('instances', [
      ...(keeper ? [] : [path.root]),
      ...path.types.slice(keeper?.at ?? 0).map(readableType),
    ]),
  };
}

/**
 * The holder of most of what grew, by however many ways it holds it: a type may stand at several places in what it is part of. Where
 * most of it hangs on several that grow, it grows because they do, and the one with the largest part is named.
 */
function commonHolder(ways: readonly { growth: number; holder: () => string | null }[], most: number): string | null {
  const sums = new Map<string | null, number>();
  for (const { growth, holder } of ways) {
    if (growth <= 0 && most > 0) break;
    const name = holder();
    const sum = (sums.get(name) ?? 0) + growth;
    if (sum >= most) return name;
    sums.set(name, sum);
  }
  const held = [...sums].filter(([name]) => name !== null);
  if (held.reduce((total, [, sum]) => total + sum, 0) < most) return null;
  return held.toSorted(([, one], [, other]) => other - one)[0]?.[0] ?? null;
}

/** Groups whose paths differ only in types of one family, whose names differ by operation, as one. */
function alikeGroups(groups: readonly PathGroup[], families: readonly string[]): PathGroup[] {
  const merged = new Map<string, PathGroup>();
  for (const group of groups) {
    const nameOf = (type: string) => families.find((family) => isOfName(type, family)) ?? readableType(type);
    const key = [group.root, ...group.types.map(nameOf)].join('\0');
    const same = merged.get(key);
    const { instances, bytes } = group;
    // The largest comes first and stands for all.
    merged.set(
      key,
      same ? { ...same, instances: same.instances + instances, bytes: same.bytes + bytes } : { ...group, key },
    );
  }
  return [...merged.values()];
}

/**
 * What stands above an object that does not grow holds nothing of what grows below it: a service is reached from any one of the web
 * server's sockets, also where the sockets of something else grow.
 */
function belowKeeper(group: PathGroup, names: readonly string[]): readonly string[] {
  return group.types.slice(keeperOf(group, names)?.at ?? 0);
}

/**
 * The type on the way to it that grows as well: an own one before one of the framework before plumbing, else the one nearest to
 * the root. Own types do not hang on what is only plumbing, nor on what a library keeps them in.
 */
export function holderOf(
  type: string,
  path: readonly string[],
  names: readonly string[],
  libraries: ReadonlySet<string> = new Set(),
): string | null {
  const rank = (name: string) => rankOf(name, '', libraries);
  const holders: string[] = [];
  for (const above of path.slice(0, -1)) {
    // Of a chain, Node → Entry → Node, neither holds the other; an array in another array of the kind is no chain. What an own
    // type has of such chains of the platform is its own.
    if (isOfName(above, type) && rank(type) < rank('System.Object'))
      return holders.find((holder) => rank(holder) < rank(type)) ?? null;
    const holder = names.find((name) => name !== type && isOfName(above, name));
    if (holder !== undefined && rank(holder) <= rank(type)) holders.push(holder);
  }
  return holders.toSorted((one, other) => rank(one) - rank(other))[0] ?? null;
}

function instancesOf(heap: HeapFile, type: string, module: string): Uint32Array {
  const exact = nodesOfType(heap, type, module);
  return exact.length > 0 ? exact : nodesOfType(heap, type);
}
