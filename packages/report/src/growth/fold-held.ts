import { carriedBy, type Growth, humanBytes } from '@firstchance/model';
import { growthAbove } from './growth-above.ts';
import { bytesOf, subjectOf } from './headline.ts';

/** Growth with what hangs on it and grows because it does, and what stands on its path and comes with it one for one. */
export interface Head extends Growth {
  readonly held: readonly Growth[];
  readonly carriers: readonly Growth[];
}

const NAMED = 5;

/** What is held by another growing type stands with that type, so do its carriers; everything else, in the given order, for itself. */
export function foldHeld(growth: readonly Growth[]): Head[] {
  const tops = new Map(growth.map((one) => [one, topOf(growth, one)]));
  const carried = new Map(growth.map((one) => [one, carriedBy(growth, one)]));
  const topmost = (one: Growth): Growth => tops.get(one) ?? one;
  const headOf = (one: Growth): Growth => {
    const below = carried.get(topmost(one));
    // What carries is named later: this ends.
    return below === undefined ? topmost(one) : headOf(below);
  };
  const heads = new Map(growth.map((one) => [one, headOf(one)]));
  const carries = (one: Growth) => carried.get(topmost(one)) !== undefined;
  const part = (head: Growth, carriers: boolean) =>
    growth.filter((one) => one !== head && heads.get(one) === head && carries(one) === carriers);
  return growth
    .filter((one) => heads.get(one) === one)
    .map((head) => ({ ...head, held: part(head, false), carriers: part(head, true) }));
}

/** The last of those that hold each other; itself where they do so in a circle. */
function topOf(growth: readonly Growth[], one: Growth): Growth {
  const seen = new Set([one]);
  for (let at = one; ; ) {
    const above = growthAbove(growth, at);
    if (!above) return at;
    if (seen.has(above)) return one;
    seen.add(above);
    at = above;
  }
}

/** "Shop.Order", "Shop.Order (+2 held by it)". */
export function subjectWithHeld(head: Head): string {
  return head.held.length === 0 ? subjectOf(head) : `${subjectOf(head)} (+${head.held.length} held by it)`;
}

/** The types that hang on it, the first few by name. */
export function heldNames({ held }: Pick<Head, 'held'>): string {
  // A type that grows with the operations and with time as well is named once.
  const names = [...new Set(held.map(subjectOf))];
  const rest = names.length - NAMED;
  return `${names.slice(0, NAMED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** What comes with it on its path, and how much it all is with that. */
export function carrierNames({ carriers }: Head): string {
  const bytes = Math.max(0, ...carriers.map((one) => bytesOf(one) ?? 0));
  return `${heldNames({ held: carriers })}${bytes > 0 ? `: ${humanBytes(bytes)} in all` : ''}`;
}
