import { isBytes, type Jump, type Series } from '../series/series.ts';
import type { Window } from '../series/window.ts';
import { doseSlope } from '../statistics/dose-slope.ts';
import { median } from '../statistics/order.ts';

/** The runtime's own compiler takes and frees arenas of 1 to 4 MB at once (read from programs without leaks). */
export const LEAST_JUMP = 1e6;
/** Times the usual deviation of the other rounds. */
const FAR = 8;
/** One round in so many may be left out: two of twelve. */
const ONE_IN = 6;

/** A managed heap has no arenas of the compiler: what comes and goes there are objects. */
export const isNativeBytes = (channel: string): boolean => isBytes(channel) && channel !== 'managedBytes';

export interface Jumps {
  /** Rounds that are left out; none where more than a few would be: then this is how the program grows. */
  readonly left: readonly Jump[];
  /** There are too many of them to be left out of so few rounds, and a rate drowns in what came and went. */
  readonly drowned: boolean;
}

/** Rounds in which an arena came or went: they lie a megabyte and more beside what all others agree on. */
export function jumpsOf({ channel, levels }: Series, window: Window): Jumps {
  if (!isNativeBytes(channel)) return { left: [], drowned: false };
  const growth = window.growth(levels);
  let jumps: Jump[] = [];
  // The first fit has the jumps in it: the second is of the rounds without them.
  for (let pass = 0; pass < 2; pass++) {
    const left = new Set(jumps.map(({ at }) => at - 1));
    const kept = growth.map((_, round) => round).filter((round) => !left.has(round));
    const of = (values: readonly number[]) => kept.map((round) => values[round] ?? 0);
    const { rate } = doseSlope(of(window.doses), of(growth));
    const steady = median(kept.map((round) => (growth[round] ?? 0) - rate * (window.doses[round] ?? 0)));
    const apart = growth.map((value, round) => value - steady - rate * (window.doses[round] ?? 0));
    const far = Math.max(LEAST_JUMP, FAR * median(of(apart).map(Math.abs)));
    jumps = apart.flatMap((bytes, round) => (Math.abs(bytes) >= far ? [{ at: round + 1, bytes }] : []));
  }
  const drowned = jumps.length > growth.length / ONE_IN;
  return { left: drowned ? [] : jumps, drowned };
}
