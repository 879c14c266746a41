import type { GrowthFinding } from '@firstchance/growth';
import type { HeapFile } from '@firstchance/heap';
import { librariesAmong } from '../growth/libraries.ts';
import { withLimitHint } from '../growth/limit-hint.ts';
import { nativeKinds, withNativeBytes, withNativeOwner } from '../growth/native-owner.ts';
import { type ClassedGrowth, orderGrowth } from '../growth/order-growth.ts';
import type { CulpritNamer } from '../growth/ports.ts';
import { takenCure } from '../growth/taken-cures.ts';

/** Loaded when something grows: most sessions end without. */
const heapPackage = () => import('@firstchance/heap');

/** Names what holds growing types and native memory from two heap files; what is neither (descriptors) has no holder. */
export const heapNamer: CulpritNamer = {
  name: async ({ before, after, findings, operations }) => {
    const typed = findings.filter(({ type }) => typeof type === 'string');
    const native = findings.filter((finding) => nativeKinds(finding) !== undefined);
    const heaps = typed.length + native.length === 0 ? undefined : await openHeaps(before, after);
    const named = heaps && typed.length > 0 ? await nameTypes(heaps, typed, operations) : [];
    const growing = typed.map(({ type }) => type ?? '');
    const rest: ClassedGrowth[] = [];
    for (const finding of findings.filter((one) => !typed.includes(one)))
      rest.push(await nameOther(heaps, finding, growing, operations));
    return orderGrowth(withNativeBytes([...named, ...rest])).map(withLimitHint);
  },
};

interface Heaps {
  readonly before: HeapFile;
  readonly after: HeapFile;
}

async function openHeaps(before: string, after: string): Promise<Heaps> {
  const { openHeapFile } = await heapPackage();
  return { before: await openHeapFile(before), after: await openHeapFile(after) };
}

async function nameTypes(heaps: Heaps, typed: readonly GrowthFinding[], operations: number): Promise<ClassedGrowth[]> {
  const { rankGrowth } = await heapPackage();
  const candidates = typed.map(({ type, module }) => ({ type: type ?? '', module: module ?? '' }));
  // A type may grow with the operations and with time as well: two findings of one type.
  const distinct = candidates.filter((one, at) => candidates.findIndex((other) => sameType(one, other)) === at);
  const isLibrary = librariesAmong(heaps.after.meta.modules ?? []);
  const wanted = distinct.map((one) => ({
    ...one,
    byBytes: typed.every(({ channel }, at) => channel === 'managedBytes' || !sameType(candidates[at], one)),
  }));
  return rankGrowth(heaps.before, heaps.after, wanted, operations, isLibrary).flatMap((one): ClassedGrowth[] => {
    const { container, path, pattern, cure, heldBy, keptBy, fingerprint, retainedBytesPerOperation } = one;
    const held = { container, path: [...path], pattern, ...(cure === '' ? {} : { cure }) };
    const hangs = { ...(heldBy === null ? {} : { heldBy }), ...(keptBy === null ? {} : { keptBy }) };
    const findings = typed.filter((_, at) => sameType(candidates[at], one));
    return findings.map((finding) => ({
      growth: { ...finding, ...held, ...hangs, fingerprint, retainedBytesPerOperation },
      class: one.library && one.class === 'own' ? 'library' : one.class,
    }));
  });
}

type OfType = { readonly type: string; readonly module: string };

function sameType(one: OfType | undefined, other: OfType): boolean {
  return one?.type === other.type && one.module === other.module;
}

async function nameOther(
  heaps: Heaps | undefined,
  finding: GrowthFinding,
  growing: readonly string[],
  operations: number,
): Promise<ClassedGrowth> {
  const { CURES, fingerprint, nativeGrowth } = await heapPackage();
  const { channel } = finding;
  const unnamed = { ...finding, ...takenCure(channel), fingerprint: fingerprint(channel, []) };
  const kinds = nativeKinds(finding);
  const grown = heaps && kinds && nativeGrowth(heaps.before, heaps.after, { kinds, channel, growing });
  const owned = grown ? withNativeOwner(unnamed, grown, operations, CURES['native-owner']) : undefined;
  return owned ?? { growth: unnamed, class: undefined };
}
