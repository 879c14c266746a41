import { describe, expect, it } from 'vitest';
import { CALM, runPlan, type } from '../testing/run-plan.ts';

/* A second surge costs the user many seconds: only what it can tell apart may ask for one. */

const ENTRY = 'System.Collections.Generic.Dictionary<System.Int32, Shop.Session>+Entry[]';

/** The array of a dictionary, which doubles, with so many bytes for each slot; how many of them there are does not change. */
function entries(count: number, slot: number) {
  const capacity = 2 ** Math.ceil(Math.log2(Math.max(4, count)));
  return { ...{ type: ENTRY, module: 'System.Private.CoreLib', instances: 9 }, bytes: 40_000 + slot * capacity };
}

/** Surges are told apart by the six usual rounds after each. */
function surgesOf(read: Parameters<typeof runPlan>[0]) {
  const { steps, conclusion } = runPlan(read, { seed: 3 });
  const usual = steps.filter(({ phase }) => phase === 'measure').map(({ dose }) => dose);
  const large = steps.map(({ phase, dose }) => phase === 'surge' && dose > Math.max(...usual));
  return { surges: large.filter((is, at) => is && large[at - 1] !== true).length, conclusion };
}

describe('a second surge', () => {
  it('is not made for the array of a collection whose objects are a leak already', () => {
    const { surges, conclusion } = surgesOf((operations) => ({
      types: [...CALM, type('Shop.Session', operations), entries(operations, 40)],
    }));
    expect(surges).toBe(1);
    expect(conclusion).toMatchObject({ verdict: 'LEAK', growth: [{ type: 'Shop.Session' }], unsure: [] });
  });

  it('is made for an array that is larger than what these objects account for', () => {
    const { surges, conclusion } = surgesOf((operations) => ({
      types: [...CALM, type('Shop.Session', operations / 10), entries(operations, 100)],
    }));
    expect(surges).toBe(2);
    expect(conclusion.growth.map((one) => one.type)).toContain(ENTRY);
  });

  it('is made for the array of a collection of numbers', () => {
    expect(surgesOf((operations) => ({ types: [...CALM, entries(operations, 40)] })).surges).toBe(2);
  });
});
