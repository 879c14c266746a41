import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { doseSlope } from './dose-slope.ts';
import { median, medianInterval } from './order.ts';
import { doseProbability } from './permutation.ts';
import { seededRandom } from './random.ts';

describe('median and its interval', () => {
  it('is the middle value, or the mean of two', () => {
    expect(median([5, 1, 9])).toBe(5);
    expect(median([4, 1, 9, 2])).toBe(3);
    expect(median([])).toBeNaN();
  });

  it('cuts as many values as the sign test allows', () => {
    // n = 8: one may be left out at each end, P = 2 (1 + 8) / 256 = 0.07; two would be 0.29.
    expect(medianInterval([1, 2, 3, 4, 5, 6, 7, 8])).toEqual({ low: 2, high: 7 });
    // n = 4: none may, P of the extremes is 2 / 16 already.
    expect(medianInterval([4, 1, 3, 2])).toEqual({ low: 1, high: 4 });
    // n = 16: P(X <= 4) = 0.038.
    expect(medianInterval(Array.from({ length: 16 }, (_, at) => at))).toEqual({ low: 4, high: 11 });
  });

  it('always holds the median', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1, maxLength: 40 }), (values) => {
        const { low, high } = medianInterval(values);
        expect(low).toBeLessThanOrEqual(median(values));
        expect(high).toBeGreaterThanOrEqual(median(values));
      }),
      { seed: 1 },
    );
  });
});

describe('slope over all pairs', () => {
  it('is exact without noise, and not moved by one wild reading', () => {
    const doses = [0, 10, 20, 10, 0, 20, 20, 10, 0];
    const growth = doses.map((dose) => 5 * dose + 3);
    expect(doseSlope(doses, growth)).toEqual({ rate: 5, low: 5, high: 5 });
    const wild = growth.with(2, -100_000);
    expect(doseSlope(doses, wild).rate).toBe(5);
  });

  it('holds no slope where growth has nothing to do with the dose, in 19 of 20 cases', () => {
    const doses = [0, 10, 20, 20, 0, 10, 10, 20, 0, 0, 20, 10];
    const random = seededRandom(3);
    const outside = Array.from({ length: 2000 }, () => doseSlope(doses, random.shuffled(doses.map((_, at) => at))));
    const wrong = outside.filter(({ low, high }) => low > 0 || high < 0).length;
    expect(wrong / 2000).toBeLessThan(0.06);
    expect(wrong / 2000).toBeGreaterThan(0.01);
  });

  it('says nothing where all doses are equal', () => {
    expect(doseSlope([5, 5], [1, 2])).toEqual({ rate: Number.NaN, low: Number.NaN, high: Number.NaN });
  });
});

describe('dose probability', () => {
  const block = (growth: readonly number[]) => ({ doses: [0, 10, 20], growth });
  it('is exact for few blocks', () => {
    expect(doseProbability(Array.from({ length: 4 }, () => block([0, 10, 20])))).toBeCloseTo(1 / 6 ** 4, 10);
    // As much with k as with 2k: 2 of 6 orders reach it.
    expect(doseProbability(Array.from({ length: 4 }, () => block([0, 2, 2])))).toBeCloseTo(1 / 3 ** 4, 10);
  });

  it('is 1 where nothing or always the same grows', () => {
    expect(doseProbability([block([0, 0, 0]), block([3, 3, 3])])).toBe(1);
  });

  it('is drawn for many blocks, always the same', () => {
    const blocks = Array.from({ length: 16 }, (_, at) => block([at % 3, (at + 1) % 3, (at + 2) % 3]));
    const one = doseProbability(blocks);
    expect(doseProbability(blocks)).toBe(one);
    expect(one).toBeGreaterThan(0.05);
    expect(doseProbability(Array.from({ length: 16 }, () => block([0, 1, 2])))).toBeLessThan(0.001);
  });
});

describe('seeded random', () => {
  it('repeats with its seed and shuffles without loss', () => {
    const draw = (seed: number) => seededRandom(seed).shuffled([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(draw(5)).toEqual(draw(5));
    expect(draw(5)).not.toEqual(draw(6));
    expect(draw(5).toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
});
