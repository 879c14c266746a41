import { byteLength } from '../text/limit.ts';
import { embed } from './embed.ts';
import type { PageData } from './page-data.ts';

/** A report is mailed and opened on a phone: with the page itself it stays below 5 MB. */
const PAGE_BYTES = 4_750_000;

/** The lists of the page. */
export const LISTS = [
  ...(['runs', 'targets', 'captures', 'checks', 'tests', 'ledger', 'memory', 'problems', 'unreadable'] as const),
];
export type List = (typeof LISTS)[number];
/** How many entries of each list are in the page, at most. */
export type Most = Readonly<Record<List, number>>;

const MOST: Most = {
  ...{ runs: 2000, targets: 2000, captures: 1000, checks: 2000, tests: 5000, ledger: 1000, memory: 5000 },
  ...{ problems: 500, unreadable: 200 },
};
/** Entries share frames and types, so that what a cut saves is an estimate. */
const MOST_TRIES = 5;
/** From so many entries on a tenth of them is made first: the whole may be many times too large. */
const MANY = 3000;
const SAMPLE = 0.1;

/**
 * Makes the page with as many entries as fit into it.
 * @param make with at most so many entries of each list, and with a share (0 to 1) of the room for details
 * @param lengths how many entries there are
 */
export function fitPage(make: (most: Most, share: number) => PageData, lengths: Most): PageData {
  let most = firstTry(make, lengths);
  let share = 1;
  let best: PageData | undefined;
  for (let tries = 1; ; tries += 1) {
    const data = make(most, share);
    const sizes = sizesOf(data);
    const fits = sizes.all <= PAGE_BYTES;
    // One that fitted before, and then too much was added.
    if (!fits && best) return best;
    if (tries === MOST_TRIES || (fits && isFull(sizes.all, data, lengths))) return data;
    if (fits) best = data;
    // Names full of angle brackets take six times the room in a page.
    if (sizes.all - sizes.entries > PAGE_BYTES) share /= 2;
    most = shared(averages(data, sizes), lengths, roomOf(sizes));
  }
}

function firstTry(make: (most: Most, share: number) => PageData, lengths: Most): Most {
  if (LISTS.reduce((sum, list) => sum + lengths[list], 0) < MANY) return MOST;
  const data = make(
    each((list) => Math.ceil(Math.min(MOST[list], lengths[list]) * SAMPLE)),
    SAMPLE,
  );
  const sizes = sizesOf(data);
  return sizes.all / SAMPLE < PAGE_BYTES * 1.5 ? MOST : shared(averages(data, sizes), lengths, roomOf(sizes));
}

/** Room for entries in a page that is nearly full: with an entry come its detail and the frames and types that it has alone. */
function roomOf({ all, entries }: Sizes): number {
  return (entries * PAGE_BYTES * 0.95) / all;
}

/** Nothing is left out, or not much more would fit. */
function isFull(size: number, data: PageData, lengths: Most): boolean {
  const whole = LISTS.every((list) => data[list].length >= Math.min(MOST[list], lengths[list]));
  return whole || size > PAGE_BYTES * 0.85;
}

interface Sizes {
  /** Bytes of the data in the page. */
  readonly all: number;
  /** Of the entries alone, without their details. */
  readonly entries: number;
  readonly lists: Readonly<Record<List, number>>;
}

/** Entry by entry: the page as one text is large. */
function sizesOf(data: PageData): Sizes {
  const size = (value: unknown) => byteLength(embed(value)) + 1;
  const sum = (values: readonly unknown[]) => values.reduce((total: number, value) => total + size(value), 0);
  const captures = sum(data.captures.map(({ more }) => more));
  const rounds = sum(data.checks.map((check) => check.rounds));
  const taken: Partial<Record<List, number>> = { captures, checks: rounds };
  const lists = each((list) => sum(data[list]) - (taken[list] ?? 0));
  const entries = LISTS.reduce((total, list) => total + lists[list], 0);
  const rest = Object.fromEntries(Object.entries(data).filter(([name]) => !(LISTS as string[]).includes(name)));
  return { all: entries + captures + rounds + size(rest), entries, lists };
}

/** Bytes of one entry of each list. */
function averages(data: PageData, { lists }: Sizes): Readonly<Record<List, number>> {
  return each((list) => (data[list].length === 0 ? 0 : lists[list] / data[list].length));
}

/** Lists that are small stay whole; the others get the same room each. */
function shared(bytes: Readonly<Record<List, number>>, lengths: Most, room: number): Most {
  const whole = (list: List) => bytes[list] * Math.min(MOST[list], lengths[list]);
  const most: Record<List, number> = { ...MOST };
  let left = room;
  const bySize = [...LISTS].sort((a, b) => whole(a) - whole(b));
  for (const [index, list] of bySize.entries()) {
    const granted = Math.min(whole(list), left / (bySize.length - index));
    left -= granted;
    if (granted < whole(list)) most[list] = Math.floor(granted / bytes[list]);
  }
  return most;
}

function each(value: (list: List) => number): Most {
  return Object.fromEntries(LISTS.map((list) => [list, value(list)])) as Most;
}
