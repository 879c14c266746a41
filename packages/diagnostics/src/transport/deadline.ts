import { DiagnosticsError } from '../error/diagnostics-error.ts';
import type { CallOptions } from './options.ts';

/**
 * One call's time limit and cancellation as a single signal.
 * Not AbortSignal.any(): in Node 20 that leaks a little on every call with a long-lived signal.
 */
export class Deadline implements Disposable {
  readonly what: string;
  readonly timeoutMs: number;
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal | undefined;
  readonly #timer: NodeJS.Timeout;
  readonly #onOuterAbort = () => this.#controller.abort();

  /** @param what the operation as an infinitive, for the error */
  constructor(what: string, options: CallOptions, defaultMs: number) {
    this.what = what;
    this.timeoutMs = options.timeoutMs ?? defaultMs;
    this.#outer = options.signal;
    // Timers hold at most 2^31-1 ms; a longer one would fire at once.
    this.#timer = setTimeout(() => this.#controller.abort(), Math.min(this.timeoutMs, 2 ** 31 - 1));
    if (this.#outer?.aborted) this.#controller.abort();
    else this.#outer?.addEventListener('abort', this.#onOuterAbort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The error to throw once `signal` has fired. */
  error(): DiagnosticsError {
    if (this.#outer?.aborted) {
      return new DiagnosticsError('cancelled', { what: this.what, why: 'it was cancelled', cause: this.#outer.reason });
    }
    return new DiagnosticsError('timeout', {
      what: this.what,
      why: `no answer within ${this.timeoutMs} ms`,
      cure: 'a runtime answers one command at a time: look whether a dump is being written or the process is stopped',
    });
  }

  throwIfOver(): void {
    if (this.signal.aborted) throw this.error();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#outer?.removeEventListener('abort', this.#onOuterAbort);
  }
}
