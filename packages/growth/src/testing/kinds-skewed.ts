import type { Kind } from './kind.ts';
import { instances } from './parts.ts';
import type { Moment } from './program.ts';

const CORE = 'System.Private.CoreLib';

/** Cumulated weights of keys of which the n-th is asked for n^-exponent times as often as the first (Zipf). */
const tables = new Map<string, readonly number[]>();

function weights(keys: number, exponent: number): readonly number[] {
  const name = `${keys} ${exponent}`;
  const known = tables.get(name);
  if (known !== undefined) return known;
  let total = 0;
  const table = Array.from({ length: keys }, (_, at) => (total += (at + 1) ** -exponent));
  tables.set(name, table);
  return table;
}

/** How many different keys have been asked for. */
export function zipf(keys: number, exponent: number): (m: Moment) => number {
  const table = weights(keys, exponent);
  const total = table.at(-1) ?? 0;
  const seen = new Set<number>();
  let [done, count] = [0, -1];
  return (m) => {
    // Several parts of a program ask at the same moment.
    if (m.readings === count) return seen.size;
    count = m.readings;
    for (; done < m.operations; done++) seen.add(place(table, total * m.chance()));
    return seen.size;
  };
}

function place(table: readonly number[], value: number): number {
  let [low, high] = [0, table.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((table[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

const EXPONENTS = [0.8, 1, 1.15, 1.3];
const SPEEDS = [0.3, 2, 12];

function kind(keys: number, exponent: number, operationMs: number): Kind {
  return {
    ...{ name: `${keys} users by Zipf ${exponent}, ${operationMs} ms`, label: 'clean', operationMs },
    parts: () => {
      const users = zipf(keys, exponent);
      return [
        instances('Shop.Session', users, 72),
        instances('System.Collections.Generic.Dictionary<System.String, Shop.Session>+Entry', users, 24, CORE),
        instances('System.String', (m) => 2 * users(m), 60, CORE),
      ];
    },
  };
}

/** Entries by user, some of whom come far more often than others: all of them could come within the surge, or not by far. */
export const SKEWED_KINDS: readonly Kind[] = SPEEDS.flatMap((operationMs) =>
  EXPONENTS.flatMap((exponent) => [200, 1000, 3000, 30_000].map((keys) => kind(keys, exponent, operationMs))),
);

/** What has no end: a logarithm, and a leak of the very type of which such entries are kept as well. */
export const UNBOUNDED_KINDS: readonly Kind[] = SPEEDS.flatMap((operationMs) => [
  {
    ...{ name: `a logarithm, ${operationMs} ms`, label: 'leak', operationMs },
    parts: () => [instances('Shop.Level', (m) => 600 * Math.log1p(m.operations / 50))],
  },
  {
    ...{ name: `a new user for each of two operations, ${operationMs} ms`, label: 'leak', operationMs },
    parts: () => {
      const users = zipf(3000, 1);
      return [instances('Shop.Session', (m) => Math.floor(m.operations / 2) + users(m), 72)];
    },
  },
]);
