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

  /** What the work brings; undefined when it failed after a signal had come. @throws its error when none had */
  async outcome<T>(work: Promise<T>): Promise<T | undefined> {
    try {
      return await work;
    } catch (error) {
      if (this.#exitCode === undefined) throw error;
      return undefined;
    }
  }

  [Symbol.dispose](): void {
    for (const [signal, handler] of this.#handlers) process.off(signal, handler);
  }
}
