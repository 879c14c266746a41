import type { GrowthFinding } from '@firstchance/growth';
import type { NativeGrowth, NativeKind, NativeOwner } from '@firstchance/heap';
import { type Growth, type NativeOwnerInfo, shownType } from '@firstchance/model';
import type { ClassedGrowth, TypeClass } from './order-growth.ts';

/** Channels of memory that managed objects may hold by pointers, and which blocks it lies in. */
const KINDS: Readonly<Record<string, readonly NativeKind[]>> = {
  mallocBytes: ['malloc'],
  'privateBytes.malloc': ['malloc'],
  'privateBytes.other': ['anonymous'],
  mappedBytes: ['file'],
  mappings: ['anonymous', 'file'],
};
/** About half: blocks that come and go with the runtime's own work are among what was added. */
const MOST_OF_IT = 0.45;
const WORTH_TELLING = 0.1;
const PAGE = 4096;

/** Of memory of which no object is known to hold it. */
export const LOST_CURE =
  'Free what is allocated (Marshal.FreeHGlobal, NativeMemory.Free), best by a SafeHandle that is disposed; of what a library allocates, look for its own function that frees.';

/** The kinds of native blocks behind a finding; undefined of what is no native memory or has a type of its own. */
export function nativeKinds({ channel, type }: GrowthFinding): readonly NativeKind[] | undefined {
  return type === undefined || type === null ? KINDS[channel] : undefined;
}

/**
 * What a finding says of who holds the native memory. Undefined where the blocks that were added do not account for the growth:
 * then nothing is known.
 * @param operations between the two heaps
 * @param cure what usually helps where a type holds it
 */
export function withNativeOwner(
  finding: GrowthFinding & Pick<Growth, 'fingerprint'>,
  grown: NativeGrowth,
  operations: number,
  cure: string,
): ClassedGrowth | undefined {
  if (grown.bytes <= 0 || !accountsFor(finding, grown, operations)) return undefined;
  const [owner] = grown.owners;
  const share = owner === undefined ? 0 : shareOf(owner.bytes, grown);
  if (owner !== undefined && share >= MOST_OF_IT) {
    const nativeOwner: NativeOwnerInfo = { by: 'type', share, says: sentence(ownerSays(owner, share, grown), grown) };
    return { growth: ofOwner(finding, owner, nativeOwner, cure), class: classOf(owner) };
  }
  const unheld = shareOf(grown.unheldBytes, grown);
  const by = unheld >= MOST_OF_IT ? 'nothing' : 'several';
  const says = by === 'nothing' ? `${nobodySays(grown)}${partsOf(grown, share)}` : severalSay(grown, unheld);
  const nativeOwner: NativeOwnerInfo = { by, share: by === 'nothing' ? unheld : share, says: sentence(says, grown) };
  return { growth: { ...finding, ...(by === 'nothing' ? { cure: LOST_CURE } : {}), nativeOwner }, class: undefined };
}

function accountsFor({ channel, follows, perOperation }: GrowthFinding, grown: NativeGrowth, operations: number) {
  if (follows !== 'operation') return true;
  // Mappings may also be stacks, or code, which nobody holds by a pointer.
  const least = channel === 'mappings' ? perOperation * PAGE : perOperation;
  return grown.bytes >= MOST_OF_IT * least * operations;
}

function ofOwner(
  finding: GrowthFinding & Pick<Growth, 'fingerprint'>,
  owner: NativeOwner,
  nativeOwner: NativeOwnerInfo,
  cure: string,
): Growth {
  const { type, module, path, keptBy, fingerprint } = owner;
  const holder = heldBy(owner);
  return {
    ...finding,
    ...{ type, module, path: [...path], pattern: 'native-owner', cure, nativeOwner, fingerprint },
    ...(keptBy === null ? {} : { keptBy }),
    ...(holder === null ? {} : { heldBy: holder }),
  };
}

/** A type that does not get more objects is no reason for what its objects hold. */
function heldBy({ heldBy: holder, objects }: NativeOwner): string | null {
  return objects > 0 ? holder : null;
}

/** What hangs on a growing type is told with that; else it is the program's own where its owner, or who keeps that, is. */
function classOf(owner: NativeOwner): TypeClass | undefined {
  if (heldBy(owner) !== null) return undefined;
  return owner.class === 'own' || owner.keptBy !== null ? 'own' : undefined;
}

function ownerSays(owner: NativeOwner, share: number, grown: NativeGrowth): string {
  const through = owner.sureBytes >= MOST_OF_IT * grown.bytes ? 'point to' : 'lead to';
  const likely = through === 'point to' ? '' : ' through other native memory, which makes it likely, not certain';
  const unheld = shareOf(grown.unheldBytes, grown);
  const rest = unheld >= WORTH_TELLING ? `; no managed object points to ${percent(unheld)}` : '';
  return `objects of ${shownType(owner.type)} ${through} ${percent(share)} of what was added${likely}${rest}`;
}

function nobodySays({ why }: NativeGrowth): string {
  return why === ''
    ? 'no managed object points to it: it is lost, or native code owns it'
    : 'no managed object was found that points to it';
}

function partsOf(grown: NativeGrowth, share: number): string {
  const [owner] = grown.owners;
  return owner !== undefined && share >= WORTH_TELLING ? `; ${shownType(owner.type)} has ${percent(share)}` : '';
}

function severalSay(grown: NativeGrowth, unheld: number): string {
  const parts = grown.owners
    .filter(({ bytes }) => shareOf(bytes, grown) >= WORTH_TELLING)
    .slice(0, 3)
    .map(({ type, bytes }) => `${shownType(type)} ${percent(shareOf(bytes, grown))}`);
  if (unheld >= WORTH_TELLING) parts.push(`no managed object ${percent(unheld)}`);
  return `no one type holds half of it${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`;
}

function sentence(text: string, { why }: NativeGrowth): string {
  return why === '' ? text : `${text}; not all was looked at: ${why}`;
}

function shareOf(bytes: number, grown: NativeGrowth): number {
  return Math.min(1, Math.max(0, bytes / grown.bytes));
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** Adds to the objects that grow how much native memory comes with them, to each of those that hold each other. */
export function withNativeBytes(all: readonly ClassedGrowth[]): ClassedGrowth[] {
  const added = new Map<string, number>();
  for (const { growth } of all) {
    // Of mappings the number grows, and their bytes in another channel.
    if (growth.nativeOwner?.by !== 'type' || growth.follows !== 'operation' || growth.channel === 'mappings') continue;
    const bytes = growth.perOperation * growth.nativeOwner.share;
    for (const type of holders(all, growth)) added.set(type, (added.get(type) ?? 0) + bytes);
  }
  return all.map((one) => {
    const bytes = one.growth.channel === 'instances' ? added.get(one.growth.type ?? '') : undefined;
    return bytes === undefined ? one : { ...one, growth: { ...one.growth, nativeBytesPerOperation: bytes } };
  });
}

function holders(all: readonly ClassedGrowth[], { heldBy: first }: Growth): Set<string> {
  const types = new Set<string>();
  for (let type = first; type !== undefined && !types.has(type); ) {
    types.add(type);
    const name = type;
    type = all.find(({ growth }) => growth.channel === 'instances' && growth.type === name)?.growth.heldBy;
  }
  return types;
}
