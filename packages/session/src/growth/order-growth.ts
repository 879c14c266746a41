import type { Growth } from '@firstchance/model';

/** Whose a growing type is. */
export type TypeClass = 'own' | 'library' | 'async' | 'framework' | 'plumbing';

export interface ClassedGrowth {
  readonly growth: Growth;
  /** Undefined of what has no type. */
  readonly class: TypeClass | undefined;
}

/** Things that a program takes and does not give back: types of the framework merely wrap them. The most telling one first. */
const TAKEN = ['threads', 'sockets', 'fileDescriptors', 'mappings', 'handles'];
/** Memory without a type: what is nearer to a cause first. Stacks come with threads. */
const MEMORY = [
  'mallocBytes',
  'privateBytes.other',
  'mappedBytes',
  'managedBytes',
  'privateBytes.loader',
  'privateBytes.jit',
  'privateBytes.malloc',
  'privateBytes.stacks',
];
const LAST = 100;
const HANDLES = 'handles';

/**
 * Causes before what they cause: own types, those of libraries, the most telling thing taken, own async methods, types of the framework, the others taken, collections
 * and the like, memory. Within each the given order stays.
 */
export function orderGrowth(all: readonly ClassedGrowth[]): Growth[] {
  const channels = all.map(({ growth }) => growth.channel);
  const first = TAKEN.find((channel) => channels.includes(channel) && channel !== HANDLES);
  // A handle has no place where it is kept: any object with a path says more, also what it is a handle of.
  const held = all.some(({ growth, class: whose }) => whose !== undefined && (growth.path?.length ?? 0) > 0);
  const place = (one: ClassedGrowth) =>
    held && one.growth.channel === HANDLES ? 5.5 + TAKEN.length : placeOf(one, first ?? HANDLES);
  // What an operation leaves is asked for: what grows with time beside it comes behind, however telling.
  const inTime = ({ growth: { follows } }: ClassedGrowth) => Number(follows === 'time');
  return [...all].sort((a, b) => inTime(a) - inTime(b) || place(a) - place(b)).map(({ growth }) => growth);
}

function placeOf({ growth: { channel, heldBy }, class: whose }: ClassedGrowth, first: string | undefined): number {
  if (whose === 'own') return heldBy === undefined ? 0 : 3;
  if (whose === 'library') return heldBy === undefined ? 0.5 : 3.5;
  if (channel === first) return 1;
  if (whose === 'async') return heldBy === undefined ? 1.5 : 3;
  // A whole module, where no type of it explains the growth.
  if (whose === undefined && channel === 'instances') return 2;
  if (whose === 'framework') return 4;
  if (TAKEN.includes(channel)) return 5 + TAKEN.indexOf(channel);
  if (whose === 'plumbing') return 5 + TAKEN.length;
  if (channel === 'types') return 6 + TAKEN.length;
  const memory = MEMORY.indexOf(channel);
  return memory < 0 ? LAST : 7 + TAKEN.length + memory;
}
