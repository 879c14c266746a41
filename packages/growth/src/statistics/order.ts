/** Middle value; the mean of the two middle ones of an even number; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : sum(values) / values.length;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * Interval of the median from order statistics, whatever the distribution: the widest cut of both ends that leaves at most
 * `alpha` outside (sign test; David and Nagaraja, Order Statistics, 7.1). Fewer than 6 values: smallest and largest.
 */
export function medianInterval(values: readonly number[], alpha = 0.1): Interval {
  const sorted = [...values].sort((a, b) => a - b);
  const n = sorted.length;
  let cut = 0;
  let below = 0.5 ** n;
  for (let term = below; cut < (n - 1) >> 1; cut++) {
    term = (term * (n - cut)) / (cut + 1);
    if (2 * (below + term) > alpha) break;
    below += term;
  }
  // `cut` values may be left out on either side: the bound is the next one.
  return { low: sorted[cut] ?? Number.NaN, high: sorted[n - 1 - cut] ?? Number.NaN };
}
