/** How long a round usually takes: a round without operations waits as long, so that only the work differs. */
export class UsualRound {
  readonly #durations: number[] = [];
  static readonly #REMEMBERED = 7;

  add(dose: number, durationMs: number): void {
    if (dose === 0) return;
    this.#durations.push(durationMs);
    if (this.#durations.length > UsualRound.#REMEMBERED) this.#durations.shift();
  }

  /** Median of the last rounds with work, in ms; 0 before there was one. */
  get durationMs(): number {
    const sorted = [...this.#durations].sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? 0;
  }
}
