import type { Judgement } from '../rules/judgement.ts';
import { amount, type Sample } from '../series/sample.ts';

const TIMER = 'System.Threading.TimerQueueTimer';
/** Entries that expire. */
const EXPIRING = 'Microsoft.Extensions.Caching.Memory.CacheEntry';
/** Part of the growing timers that must be of a kind that ends. */
const SOME = 0.1;

/** What grows holds objects that are let go by themselves after a time: a longer wait may show it. @param samples from the base on */
export function expiresLater(suspects: readonly Judgement[], samples: readonly Sample[]): boolean {
  return suspects.some(
    ({ series: { type }, total }) => type === EXPIRING || (type === TIMER && mayFire(total, samples)),
  );
}

/** Timers that fire again and again, or are not set, wait for nothing. Where it is not known they may be others. */
function mayFire(grown: number, samples: readonly Sample[]): boolean {
  const [from, to] = [samples[0], samples.at(-1)].map((sample) => sample?.reading.endingTimers);
  return !amount(from) || !amount(to) || to - from > SOME * grown;
}
