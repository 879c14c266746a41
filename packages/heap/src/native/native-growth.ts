import { readableType } from '@firstchance/model';
import type { HeapFile, NativeKind } from '../graph/heap.ts';
import { isOfName } from '../graph/type-groups.ts';
import { keeperOf } from '../growth/keeper.ts';
import { holderOf } from '../growth/rank-growth.ts';
import { type TypeClass, typeClass } from '../growth/type-classes.ts';
import { fingerprint } from '../paths/fingerprint.ts';
import { pathNames } from '../paths/names.ts';
import { type Shape, shapesOf } from '../paths/shapes.ts';
import { type NativeOfType, nativeByType } from './native-by-type.ts';

/** A type whose objects hold more native memory than before. Differences are after minus before. */
export interface NativeOwner extends NativeOfType {
  readonly class: TypeClass;
  /** How the objects that hold what was added are held; empty when no root reaches them. */
  readonly path: readonly string[];
  /** The program's own type above it, where it is none itself; else who to look at as for any object (keeper.ts). */
  readonly keptBy: string | null;
  /** The growing type that it is, or hangs on. */
  readonly heldBy: string | null;
  readonly fingerprint: string;
}

export interface NativeGrowth {
  /** Of the kinds that were asked for, all that was added. */
  readonly bytes: number;
  /** Of these, what no reachable object leads to. */
  readonly unheldBytes: number;
  /** By bytes, descending. */
  readonly owners: readonly NativeOwner[];
  /** What was not looked at in one of the heaps; empty: nothing. */
  readonly why: string;
}

export interface NativeGrowthRequest {
  readonly kinds: readonly NativeKind[];
  /** For fingerprints. */
  readonly channel: string;
  /** Names of the types that grow. */
  readonly growing: readonly string[];
}

const MOST_OWNERS = 5;

/**
 * What native memory was added between two heaps of one process, and which types hold it: only the difference counts, because
 * the runtime's own objects hold some as well. Null where one of the files does not say who holds native memory.
 */
export function nativeGrowth(before: HeapFile, after: HeapFile, request: NativeGrowthRequest): NativeGrowth | null {
  const { kinds } = request;
  if (!before.native || !after.native) return null;
  const earlier = new Map(nativeByType(before, kinds).map((one) => [keyOf(one), one]));
  const owners = nativeByType(after, kinds)
    .map((now) => difference(now, earlier.get(keyOf(now))))
    .filter(({ bytes }) => bytes > 0)
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, MOST_OWNERS)
    .map((owner) => ({ ...owner, ...explain(before, after, owner, request) }));
  const [then, now] = [sumOf(before, kinds), sumOf(after, kinds)];
  return {
    bytes: now.bytes - then.bytes,
    unheldBytes: now.unheld - then.unheld,
    owners,
    why: after.native.why || before.native.why,
  };
}

function difference(now: NativeOfType, then: NativeOfType | undefined): NativeOfType {
  if (!then) return now;
  const { objects, bytes, sureBytes } = then;
  return {
    ...now,
    objects: now.objects - objects,
    bytes: now.bytes - bytes,
    sureBytes: Math.max(0, now.sureBytes - sureBytes),
  };
}

function sumOf({ native }: HeapFile, kinds: readonly NativeKind[]): { bytes: number; unheld: number } {
  const totals = kinds.flatMap((kind) => native?.totals[kind] ?? []);
  return {
    bytes: totals.reduce((sum, { bytes }) => sum + bytes, 0),
    unheld: totals.reduce((sum, { bytes, heldBytes }) => sum + Math.max(0, bytes - heldBytes), 0),
  };
}

/** The way to the objects on which most was added. */
function explain(before: HeapFile, after: HeapFile, owner: NativeOfType, request: NativeGrowthRequest) {
  const { channel, growing } = request;
  const then = bytesByPath(before, owner, request);
  const [grown] = [...bytesByPath(after, owner, request)]
    .map(([key, { bytes, shape }]) => ({ shape, bytes: bytes - (then.get(key)?.bytes ?? 0) }))
    .sort((a, b) => b.bytes - a.bytes);
  const whose = typeClass(owner.type, owner.module);
  if (!grown)
    return { class: whose, path: [], keptBy: null, heldBy: null, fingerprint: fingerprint(channel, [owner.type]) };
  const { shape } = grown;
  const keeper = ownAbove(shape, whose) ?? keeperOf(shape, growing);
  const self = growing.find((name) => isOfName(owner.type, name));
  return {
    class: whose,
    path: pathNames(shape),
    keptBy: keeper?.name ?? null,
    heldBy: self ?? holderOf(owner.type, shape.types, growing),
    fingerprint: fingerprint(channel, [
      ...(keeper ? [] : [shape.root]),
      ...shape.types.slice(keeper?.at ?? 0).map(readableType),
    ]),
  };
}

/** A handle of the platform's says less than the object of the program that has it. */
function ownAbove({ types }: Shape, whose: TypeClass): { name: string; at: number } | null {
  if (whose === 'own') return null;
  const at = types.findLastIndex((type) => typeClass(type, '') === 'own');
  const name = types[at];
  return name === undefined ? null : { name, at };
}

/** Native bytes of one type's objects, by the way they are held. */
function bytesByPath(heap: HeapFile, { type, module }: NativeOfType, { kinds }: NativeGrowthRequest) {
  const shapes = shapesOf(heap);
  const byShape = new Map<number, number>();
  const { native } = heap;
  for (let entry = 0; native && entry < native.count; entry++) {
    const node = native.node(entry);
    const of = heap.types[heap.type[node] ?? 0];
    if (of?.name !== type || of.module !== module || !kinds.includes(native.kind(entry))) continue;
    const shape = shapes.of(node);
    if (shape !== undefined) byShape.set(shape, (byShape.get(shape) ?? 0) + native.bytes(entry));
  }
  const result = new Map<string, { shape: Shape; bytes: number }>();
  for (const [number, bytes] of byShape) {
    const shape = shapes.describe(number);
    result.set([shape.root, ...shape.types].join('\0'), { shape, bytes });
  }
  return result;
}

function keyOf({ type, module }: NativeOfType): string {
  return `${module}\0${type}`;
}
