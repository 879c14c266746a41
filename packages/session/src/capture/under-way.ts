/** Captures that are being written, by the test they belong to. */
export class UnderWay {
  readonly #tests = new Map<string, string>();
  readonly #waiting = new Map<string, (() => void)[]>();

  begin(testId: string, captureId: string): void {
    this.#tests.set(captureId, testId);
  }

  end(captureId: string): void {
    const testId = this.#tests.get(captureId);
    if (testId === undefined) return;
    this.#tests.delete(captureId);
    if ([...this.#tests.values()].includes(testId)) return;
    for (const resolve of this.#waiting.get(testId) ?? []) resolve();
    this.#waiting.delete(testId);
  }

  /** Resolves when none of the test's is left; at once when there is none. */
  done(testId: string): Promise<void> {
    if (![...this.#tests.values()].includes(testId)) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.set(testId, [...(this.#waiting.get(testId) ?? []), resolve]));
  }
}
