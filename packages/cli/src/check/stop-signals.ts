import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Ctrl-C ends a check in order: its reason is the signal's name. The program under test is in a session of its own and gets none. */
export class StopSignals implements Disposable {
  readonly #abort = new AbortController();
  readonly #handlers = new Map<NodeJS.Signals, () => void>();
  #exitCode: number | undefined;

  constructor(onSignal: (signal: NodeJS.Signals) => void) {
    for (const signal of SIGNALS) {
      const handler = () => {
        if (this.#abort.signal.aborted) return;
        this.#exitCode = 128 + constants.signals[signal];
        onSignal(signal);
        this.#abort.abort(new Error(signal));
      };
      this.#handlers.set(signal, handler);
      process.on(signal, handler);
    }
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** As a shell tells it of who died by the signal; undefined when none came. */
  get exitCode(): number | undefined {
    return this.#exitCode;
  }

  [Symbol.dispose](): void {
    for (const [signal, handler] of this.#handlers) process.off(signal, handler);
  }
}
