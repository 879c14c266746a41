import type { Random } from '../statistics/random.ts';

/** Doses of one block: none, the usual and twice the usual, in random order. */
export function blockOf(dose: number, random: Random): number[] {
  return random.shuffled([0, dose, 2 * dose]);
}
