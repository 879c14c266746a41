import {
  carriedBy,
  channelName,
  type Growth,
  type GrowthCheck,
  humanBytes,
  shownMethod,
  shownType,
  type Verdict,
  verdictText,
} from '@firstchance/model';
import { fitEnd } from '../text/fit.ts';
import { harmless } from '../text/harmless.ts';
import { isBytes, signedAmount } from './amounts.ts';
import { readableRoot } from './folded-path.ts';
import { growthAbove } from './growth-above.ts';
import { hasOwnCode } from './own-owner.ts';

/** Generics of generics may fill a screen with their name. */
const LONGEST = 200;

/** The verdict in one line: "LEAK: Shop.Session +1.00 per operation (340 B), held by static Shop.Store.s_sessions". */
export function headline(check: GrowthCheck): string {
  const { verdict, growth } = check;
  const [first] = growth;
  const named = verdict === 'LEAK' || verdict === 'GROWS_WHILE_IDLE';
  if (!named || !first) return `${verdictText(verdict)}: ${harmless(check.reason).replace(/\.$/, '')}`;
  const holder = holderOf(first);
  const held = holder === undefined ? lost(first) : `, held by ${harmless(holder)}`;
  const heads = growth.filter((one) => growthAbove(growth, one) === undefined && carriedBy(growth, one) === undefined);
  const more = heads.length > 1 ? `, and ${heads.length - 1} more` : '';
  return `${verdictText(verdict)}: ${subjectOf(first)} ${rateOf(first)}${held}${more}`;
}

/** Sockets and descriptors have no holder that is known, but who took them often is. */
function lost({ channel, type, nativeOwner, owner = [] }: Growth): string {
  if (nativeOwner?.by === 'nothing') return ', held by no managed object';
  const [place] = owner;
  if (type !== undefined || place === undefined || !hasOwnCode(owner)) return '';
  return `, ${isBytes(channel) ? 'allocated' : 'taken'} by ${harmless(shownMethod(place))}`;
}

/** Who to look at: the path's root, or below one of the platform's what the program has to do with. */
export function holderOf({ keptBy, path: [root] = [] }: Growth): string | undefined {
  return keptBy === undefined ? root && readableRoot(root) : shownType(keptBy);
}

/** What grows: the type, else the channel in words. */
export function subjectOf({ type, module, channel, nativeOwner, createdIn }: Growth): string {
  const name = type && harmless(shownType(type, createdIn));
  if (name) return fitEnd(nativeOwner ? `${channelName(channel)} of ${name}` : name, LONGEST);
  return channel === 'instances' && module ? `types of ${harmless(module)}` : channelName(channel);
}

/** How fast: "+1.00 per operation (340 B)"; what follows rounds or time, or nothing, says so. */
export function rateOf(growth: Growth): string {
  const { channel, follows, perOperation, perRound, perSecond } = growth;
  const bytes = isBytes(channel);
  if (follows === 'time' && perSecond !== undefined)
    return `${signedAmount(perSecond, bytes)} per second, whatever is asked of it`;
  if (follows === 'round' && perRound !== undefined)
    return `${signedAmount(perRound, bytes)} per round with work, however many operations`;
  if (perOperation === 0) return 'not with the operations';
  const size = bytesOf(growth);
  const native = nativeOf(growth);
  const sizes = [size === undefined ? '' : humanBytes(size), native].filter((part) => part !== '').join(' and ');
  return `${signedAmount(perOperation, bytes)} per operation${bytes || sizes === '' ? '' : ` (${sizes})`}`;
}

/** "64.0 kB of native memory"; empty where there is none. */
export function nativeOf({ nativeBytesPerOperation: bytes }: Growth): string {
  return bytes === undefined ? '' : `${humanBytes(bytes)} of native memory`;
}

/** Bytes per operation, with what hangs on the objects where that is known. */
export function bytesOf({ bytesPerOperation, retainedBytesPerOperation }: Growth): number | undefined {
  const [own, retained] = [bytesPerOperation, retainedBytesPerOperation];
  return retained === undefined || (own !== undefined && own > retained) ? own : retained;
}

/** What people look for first: is it good or bad. */
export function verdictColour(verdict: Verdict): 'green' | 'red' | 'yellow' {
  if (verdict === 'PASS') return 'green';
  return verdict === 'INCONCLUSIVE' ? 'yellow' : 'red';
}

/** What is known of who holds native memory: that of the growth itself, and of what is told with it. */
export function nativeOwners({ nativeOwner, held }: Growth & { readonly held: readonly Growth[] }): string[] {
  const all = [nativeOwner, ...held.map((one) => one.nativeOwner)];
  return all.flatMap((owner) => (owner === undefined ? [] : [`native memory: ${owner.says}`]));
}
