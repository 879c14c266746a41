import type { Growth } from '@firstchance/model';
import { subjectOf } from './headline.ts';

/** Growth with what hangs on it and grows because it does. */
export interface Head extends Growth {
  readonly held: readonly Growth[];
}

const NAMED = 5;

/** What is held by another growing type stands with that type; everything else, in the given order, for itself. */
export function foldHeld(growth: readonly Growth[]): Head[] {
  const top = new Map(growth.map((one) => [one, topOf(growth, one)]));
  const heads = growth.filter((one) => top.get(one) === one);
  return heads.map((head) => ({ ...head, held: growth.filter((one) => one !== head && top.get(one) === head) }));
}

/** The last of those that hold each other; itself where they do so in a circle. */
function topOf(growth: readonly Growth[], one: Growth): Growth {
  const seen = new Set([one]);
  for (let at = one; ; ) {
    const { heldBy } = at;
    const above = heldBy === undefined ? undefined : growth.find(({ type }) => type === heldBy);
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
export function heldNames({ held }: Head): string {
  const rest = held.length - NAMED;
  return `${held.slice(0, NAMED).map(subjectOf).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
