import { constants } from 'node:os';

/** Signals a person or a CI sends to end the run. */
export const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/**
 * Holds ending signals back while there is no command yet that could get them: by default they would end this process at
 * once, and a command that has just been started would be left behind.
 */
export class HeldSignals implements Disposable {
  readonly #held: NodeJS.Signals[] = [];
  readonly #hold = (signal: NodeJS.Signals): void => void this.#held.push(signal);

  constructor() {
    for (const signal of ENDING) process.on(signal, this.#hold);
  }

  /** What a shell would report of a command that the first of them ended; undefined when none came. */
  get exitCode(): number | undefined {
    const [first] = this.#held;
    return first === undefined ? undefined : 128 + constants.signals[first];
  }

  /** Those that came, in order; from now on they are somebody else's. */
  release(): readonly NodeJS.Signals[] {
    this[Symbol.dispose]();
    return this.#held.splice(0);
  }

  [Symbol.dispose](): void {
    for (const signal of ENDING) process.off(signal, this.#hold);
  }
}
