import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from './ports.ts';

export const realClock: Clock = {
  now: () => performance.now(),
  wait: async (ms, signal) => {
    signal.throwIfAborted();
    await delay(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
  },
};
