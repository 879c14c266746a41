import { describe, expect, it } from 'vitest';
import { seededRandom } from '../statistics/random.ts';
import { FRESH_KINDS } from '../testing/kinds-fresh.ts';
import { capped, instances } from '../testing/parts.ts';
import { CALM, runPlan, type } from '../testing/run-plan.ts';
import { tally } from '../testing/tally.ts';

/* What is limited in ways that real programs have: skewed keys, several objects for each entry, entries that go when looked through. */

const SEEDS = [1, 2, 3, 4, 5, 6];

/** So many different ones of `keys` have been asked for; the skew says how much oftener some are than others. */
function asked(keys: number, skew: number, seed: number): (operations: number) => number {
  const random = seededRandom(seed);
  const seen = new Set<number>();
  let done = 0;
  return (operations) => {
    for (; done < operations; done++) seen.add(Math.floor(keys * (random.below(2 ** 30) / 2 ** 30) ** skew));
    return seen.size;
  };
}

const verdicts = (levels: (seed: number) => (operations: number, ms: number) => ReturnType<typeof type>[]) =>
  SEEDS.map((seed) => {
    const level = levels(seed);
    return runPlan((operations, ms) => ({ types: [...CALM, ...level(operations, ms)] }), { seed }).conclusion.verdict;
  });

describe('skewed choices among a limited number', () => {
  it.each([
    [8000, 3],
    [20_000, 2],
    [3000, 4],
  ])('of %i keys with skew %i are no leak', (keys, skew) => {
    const all = verdicts((seed) => {
      const customers = asked(keys, skew, seed);
      return (operations) => [type('Shop.Customer', customers(operations))];
    });
    expect(all).not.toContain('LEAK');
  });

  it('nor are the strings of which each of them has three', () => {
    const all = verdicts((seed) => {
      const customers = asked(8000, 3, seed);
      return (operations) => {
        const count = customers(operations);
        return [type('Shop.Customer', count), { ...type('System.String', 2000 + 3 * count), module: 'CoreLib' }];
      };
    });
    expect(all).not.toContain('LEAK');
  });

  it('a logarithm, which has no end, is one', () => {
    const all = verdicts(() => (operations) => [type('Shop.Level', Math.floor(600 * Math.log1p(operations / 50)))]);
    expect(all).toEqual(SEEDS.map(() => 'LEAK'));
  });
});

describe('a cache with a limit, asked for random keys', () => {
  it.each([2000, 3000])('of %i among 9000 is none once it is full', (limit) => {
    const all = verdicts((seed) => {
      const keys = asked(9000, 1, seed);
      const random = seededRandom(seed + 100);
      // A little below its limit after each time that it was compacted.
      return (operations) => [type('Shop.Customer', Math.min(keys(operations), limit - random.below(60)))];
    });
    expect(all).toEqual(SEEDS.map(() => 'PASS'));
  });

  it('that fills up in the very last rounds, with three strings for each', () => {
    const doses = runPlan((operations) => ({ types: [...CALM, type('Shop.Customer', operations)] })).steps.map(
      ({ dose }) => dose,
    );
    // Between the two blocks that follow the surge.
    const limit = doses.slice(0, -3).reduce((sum, dose) => sum + dose, 0);
    const { conclusion } = runPlan((operations) => {
      const count = Math.min(limit, operations);
      return { types: [...CALM, type('Shop.Customer', count), type('System.String', 2000 + 3 * count)] };
    });
    expect(conclusion).toMatchObject({ verdict: 'PASS', growth: [] });
  });
});

describe('slow operations', () => {
  const verdicts = (name: string) =>
    FRESH_KINDS.filter((kind) => kind.name === name).flatMap((kind) => [...tally(kind, 3).verdicts]);

  it('do as many as fill a usual cache before a leak is told', () => {
    expect(verdicts('cache of 1000, slow')).toEqual([['PASS', 3]]);
  });

  it('nor before a cache of 2500 is full where the first surge came half way', () => {
    const parts = () => [instances('Acme.Entry', capped(2500))];
    const kind = { name: 'cache of 2500', label: 'clean', operationMs: 4.5, parts } as const;
    expect([...tally(kind, 5).verdicts]).toEqual([['PASS', 5]]);
  });

  it('a leak stays one', () => {
    expect(verdicts('three of four, slow')).toEqual([['LEAK', 3]]);
  });
});
