/** Bytes a session may fill with dumps. What is being written counts as much as the largest dump so far. */
export class DiskBudget {
  readonly #limit: number;
  #used = 0;
  #pending = 0;
  #largest = 0;

  /** @param limit in bytes; 0 for no limit */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get usedBytes(): number {
    return this.#used;
  }

  /** True when another dump of the size seen so far is expected to fit. */
  get hasRoom(): boolean {
    if (this.#limit === 0) return true;
    return this.#used + (this.#pending + 1) * this.#largest <= this.#limit && this.#used < this.#limit;
  }

  begin(): void {
    this.#pending += 1;
  }

  /**
   * A dump of so many bytes was written, 0 when it failed.
   * @returns false when it does not fit: the caller removes it, and its bytes are not counted
   */
  finish(bytes: number): boolean {
    this.#pending = Math.max(0, this.#pending - 1);
    this.#largest = Math.max(this.#largest, bytes);
    if (this.#limit !== 0 && this.#used + bytes > this.#limit) return false;
    this.#used += bytes;
    return true;
  }

  release(bytes: number): void {
    this.#used = Math.max(0, this.#used - bytes);
  }
}
