import { humanMs } from '@firstchance/model';
import { type DoseResult, type Operation, repeat } from './operation.ts';

/** A function of the caller's: a test body, a client call. A throw is a failed operation. */
export class CallbackOperation implements Operation {
  readonly name: string;
  readonly #call: (signal: AbortSignal) => unknown;
  readonly #timeoutMs: number;

  /** @param call gets a signal that is aborted when it takes too long or the check ends */
  constructor(name: string, call: (signal: AbortSignal) => unknown, timeoutMs: number) {
    this.name = name;
    this.#call = call;
    this.#timeoutMs = timeoutMs;
  }

  run(count: number, signal: AbortSignal): Promise<DoseResult> {
    return repeat(count, signal, () => this.#once(signal));
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  async #once(signal: AbortSignal): Promise<string | undefined> {
    const late = new AbortController();
    const limited = AbortSignal.any([signal, late.signal]);
    const timer = setTimeout(() => late.abort(new Error(`no end after ${humanMs(this.#timeoutMs)}`)), this.#timeoutMs);
    // A function that does not listen to its signal goes on, but nobody waits for it any more.
    const aborted = new Promise<never>((_, reject) => {
      limited.addEventListener('abort', () => reject(limited.reason), { once: true });
    });
    aborted.catch(() => {});
    try {
      await Promise.race([(async () => this.#call(limited))(), aborted]);
      return undefined;
    } catch (error) {
      return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    } finally {
      clearTimeout(timer);
    }
  }
}
