import type { GarbageCollection } from '../../collect/collect-garbage.ts';

/** Objects with slow finalizers, thousands of them, on a busy machine. */
const LIMIT_MS = 60_000;
/** A collection of a large heap must still fit into it. */
const BLOCKED_MS = 3_000;

/**
 * How long a collection waits for finalizers. Those that did not end in a minute wait for something themselves (a lock, an answer):
 * there is one thread for all of them, so none after it runs either, and a minute for each of forty readings would be for nothing.
 */
export class FinalizerWait {
  #blocked = false;

  get limitMs(): number {
    return this.#blocked ? BLOCKED_MS : LIMIT_MS;
  }

  /** @returns what is to be told, once they were waited for in vain */
  heard(finalizers: GarbageCollection['finalizers']): string | undefined {
    if (finalizers === 'drained') this.#blocked = false;
    if (finalizers !== 'timeout') return undefined;
    this.#blocked = true;
    return (
      `finalizers did not come to their end in ${LIMIT_MS / 1000} s: one of them waits for something, or they are too many. ` +
      'All objects behind it stay, with what they hold, and look like growth. A dump shows what it waits for: firstchance dump PID'
    );
  }
}
