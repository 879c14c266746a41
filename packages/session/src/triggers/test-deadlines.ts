import type { RunningTest } from '../tests/test-states.ts';

/** One clock per running test: tells once when a test still runs past its deadline. */
export class TestDeadlines implements Disposable {
  readonly #deadlineMs: number;
  readonly #onDeadline: (test: RunningTest) => void;
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(deadlineMs: number, onDeadline: (test: RunningTest) => void) {
    this.#deadlineMs = deadlineMs;
    this.#onDeadline = onDeadline;
  }

  started(test: RunningTest): void {
    const timer = setTimeout(() => {
      this.#timers.delete(test.id);
      this.#onDeadline(test);
    }, this.#deadlineMs);
    this.#timers.set(test.id, timer.unref());
  }

  ended(test: RunningTest): void {
    clearTimeout(this.#timers.get(test.id));
    this.#timers.delete(test.id);
  }

  [Symbol.dispose](): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }
}
