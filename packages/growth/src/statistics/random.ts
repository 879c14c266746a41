import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

export interface Random {
  /** Whole number from 0 to below `count`. */
  below(count: number): number;
  shuffled<T>(values: readonly T[]): T[];
}

/** The same seed gives the same numbers on every machine. */
export function seededRandom(seed: number): Random {
  const generator = xoroshiro128plus(Math.trunc(seed) | 0);
  const below = (count: number) => uniformInt(generator, 0, count - 1);
  return {
    below,
    shuffled(values) {
      const rest = [...values];
      return values.map(() => rest.splice(below(rest.length), 1)[0] as (typeof rest)[number]);
    },
  };
}
