interface Lull {
  readonly standing: string;
  readonly timer: NodeJS.Timeout;
}

/**
 * Tells of processes that have tests and run none for long: what hangs in a constructor, a fixture, a set-up or a tear-down belongs
 * to no test that a framework tells of, or that is seen on a stack. Once until a test runs again.
 */
export class BetweenTests implements Disposable {
  readonly #graceMs: number;
  readonly #onLull: (pid: number, forMs: number) => void;
  readonly #lulls = new Map<number, Lull>();

  constructor(graceMs: number, onLull: (pid: number, forMs: number) => void) {
    this.#graceMs = graceMs;
    this.#onLull = onLull;
  }

  /** No test runs in it now. @param standing what its threads do, where it was looked at: something else begins a new while */
  none(pid: number, standing = ''): void {
    const lull = this.#lulls.get(pid);
    if (lull?.standing === standing) return;
    clearTimeout(lull?.timer);
    const timer = setTimeout(() => this.#onLull(pid, this.#graceMs), this.#graceMs).unref();
    this.#lulls.set(pid, { standing, timer });
  }

  /** A test of it runs, or it is no longer. */
  over(pid: number): void {
    clearTimeout(this.#lulls.get(pid)?.timer);
    this.#lulls.delete(pid);
  }

  [Symbol.dispose](): void {
    for (const pid of [...this.#lulls.keys()]) this.over(pid);
  }
}
