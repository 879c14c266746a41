/** The program is gone, captures are still being written: the first signal is answered in words, the second cancels them. */
export class FinishSignals implements Disposable {
  readonly #abort = new AbortController();
  readonly #handlers = new Map<NodeJS.Signals, () => void>();
  #count = 0;

  constructor(onFirst: (signal: NodeJS.Signals) => void) {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      const handler = () => {
        this.#count += 1;
        if (this.#count === 1) onFirst(signal);
        else this.#abort.abort();
      };
      this.#handlers.set(signal, handler);
      process.on(signal, handler);
    }
  }

  get cancelled(): AbortSignal {
    return this.#abort.signal;
  }

  [Symbol.dispose](): void {
    for (const [signal, handler] of this.#handlers) process.off(signal, handler);
  }
}
