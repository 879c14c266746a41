import { setTimeout as delay } from 'node:timers/promises';

/** Nobody tells when a program begins to listen: look again, often enough for a person. */
const LOOK_MS = 100;

/** What a look found: ready, or why not yet. */
export type Readiness = { readonly ready: true } | { readonly ready: false; readonly why: string };

/**
 * Looks until it is ready.
 * @returns undefined when it is; else, after the limit, why the last look that had its time said no
 * @throws the signal's reason when aborted
 */
export async function waitReady(
  look: (signal: AbortSignal) => Promise<Readiness>,
  limitMs: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const until = performance.now() + limitMs;
  let known: string | undefined;
  for (;;) {
    signal.throwIfAborted();
    // A look may hang, at a port that accepts and never answers: it gets what time is left.
    const left = Math.max(1, until - performance.now());
    const limit = AbortSignal.timeout(Math.ceil(left));
    const answer = await look(AbortSignal.any([signal, limit]));
    signal.throwIfAborted();
    if (answer.ready) return undefined;
    // A look that the limit cut off says less than the one before it.
    if (limit.aborted) return known ?? answer.why;
    known = answer.why;
    if (performance.now() + LOOK_MS > until) return known;
    await delay(LOOK_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}
