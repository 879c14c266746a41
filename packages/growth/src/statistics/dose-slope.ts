import { type Interval, median } from './order.ts';

/** Two-sided 5 % of the normal distribution. */
const Z = 1.96;

/** Slope per operation with its bounds. */
export interface Slope extends Interval {
  readonly rate: number;
}

/**
 * Middle slope of `growth` on `dose` over all pairs of rounds with different doses: one wild reading spoils the few pairs
 * it is in, where it spoils a whole block of three. NaN where no two doses differ (Sen, Estimates of the regression coefficient
 * based on Kendall's tau, 1968).
 */
export function doseSlope(doses: readonly number[], growth: readonly number[]): Slope {
  const slopes: number[] = [];
  doses.forEach((dose, at) => {
    for (let other = 0; other < at; other++) {
      const apart = dose - (doses[other] ?? 0);
      if (apart !== 0) slopes.push(((growth[at] ?? 0) - (growth[other] ?? 0)) / apart);
    }
  });
  slopes.sort((a, b) => a - b);
  const half = (slopes.length - Z * Math.sqrt(variance(doses))) / 2;
  const cut = Math.max(0, Math.floor(half) - 1);
  return { rate: median(slopes), low: slopes[cut] ?? Number.NaN, high: slopes[slopes.length - 1 - cut] ?? Number.NaN };
}

/** Of Kendall's S between growth and these doses, where those that are equal are tied. */
function variance(doses: readonly number[]): number {
  const of = (count: number) => count * (count - 1) * (2 * count + 5);
  const tied = [...new Set(doses)].map((dose) => doses.filter((one) => one === dose).length);
  return (of(doses.length) - tied.reduce((total, count) => total + of(count), 0)) / 18;
}
