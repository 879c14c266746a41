/**
 * At most so many captures in a session. A place is reserved when a capture is decided on and given back when the capture
 * fails or is removed because its test passed, so that passing tests do not use up what a failing one needs.
 */
export class CountLimit {
  readonly #limit: number;
  #taken = 0;

  /** @param limit 0 for no limit */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get exhausted(): boolean {
    return this.#limit > 0 && this.#taken >= this.#limit;
  }

  /** False when the limit is reached. */
  reserve(): boolean {
    if (this.exhausted) return false;
    this.#taken += 1;
    return true;
  }

  release(): void {
    this.#taken = Math.max(0, this.#taken - 1);
  }
}
