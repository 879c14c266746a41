import { type AcceptedGrowth, carriedBy, type Growth, shownType } from '@firstchance/model';
import type { LoadedSuppression } from './suppression-file.ts';
import { matchesWildcards } from './wildcards.ts';

export interface Suppressed {
  readonly growth: readonly Growth[];
  readonly accepted: readonly AcceptedGrowth[];
  /** Entries that matched nothing: perhaps the leak is fixed, perhaps the pattern is wrong. */
  readonly unused: readonly LoadedSuppression[];
}

/** Takes out of what grows what somebody has accepted, with what hangs on it and what carries it. The first entry that matches counts. */
export function applySuppressions(growth: readonly Growth[], entries: readonly LoadedSuppression[]): Suppressed {
  const used = new Set<LoadedSuppression>();
  const left: Growth[] = [];
  const accepted: AcceptedGrowth[] = [];
  for (const one of growth) {
    const entry =
      entries.find((candidate) => covers(candidate, one)) ??
      entries.find((candidate) => carriesCovered(candidate, growth, one)) ??
      entries.find((candidate) => holdersOf(growth, one).some((holder) => covers(candidate, holder)));
    if (!entry) left.push(one);
    else {
      used.add(entry);
      const why = entry.issue === undefined ? entry.reason : `${entry.reason} (${entry.issue})`;
      accepted.push({ ...one, by: 'suppression', why, where: entry.where });
    }
  }
  return { growth: left, accepted, unused: entries.filter((entry) => !used.has(entry)) };
}

/** The dictionary's node is known with the object it was made for. */
function carriesCovered(entry: LoadedSuppression, growth: readonly Growth[], one: Growth): boolean {
  const carried = carriedBy(growth, one);
  return carried !== undefined && covers(entry, carried);
}

/** Types that it hangs on, the nearest first. */
function holdersOf(growth: readonly Growth[], one: Growth): Growth[] {
  const holders: Growth[] = [];
  const above = ({ heldBy }: Growth) => growth.find(({ type }) => type !== undefined && type === heldBy);
  for (let holder = above(one); holder && !holders.includes(holder); holder = above(holder)) holders.push(holder);
  return holders;
}

/** All that the entry says must hold. Growth whose bytes nobody knows is not within any limit. */
function covers(entry: LoadedSuppression, growth: Growth): boolean {
  const { fingerprint, type, path, channel, limit } = entry;
  // A name that a compiler made is written down as it was shown, or as the runtime has it.
  const names = growth.type ? [growth.type, shownType(growth.type), shownType(growth.type, growth.createdIn)] : [''];
  if (fingerprint !== undefined && !growth.fingerprint.startsWith(fingerprint)) return false;
  if (channel !== undefined && channel !== growth.channel) return false;
  if (type !== undefined && !names.some((name) => matchesWildcards(name, type))) return false;
  if (
    path !== undefined &&
    !(growth.path ?? []).some((step) => [step, shownType(step)].some((name) => matchesWildcards(name, path)))
  )
    return false;
  return limit === undefined || (growth.bytesPerOperation !== undefined && growth.bytesPerOperation <= limit);
}
