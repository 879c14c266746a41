import type { Judgement } from '../rules/judgement.ts';

/** Objects that the runtime or its libraries let go by themselves after a time: those of timers, and entries that expire. */
const EXPIRING = /^(System\.Threading\.TimerQueueTimer|Microsoft\.Extensions\.Caching\.Memory\.CacheEntry)$/;

/** What grows holds such objects: a longer wait may show that it is let go. */
export function expiresLater(suspects: readonly Judgement[]): boolean {
  return suspects.some(({ series }) => EXPIRING.test(series.type ?? ''));
}
