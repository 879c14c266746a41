/** The first `most` entries of a sequence by an order, however long it is: of equals those that came first. */
export class Best<Entry> {
  readonly #most: number;
  readonly #compare: (a: Entry, b: Entry) => number;
  #kept: Entry[] = [];
  #total = 0;
  /** The last of as many as are kept: one that is no better does not come among them. */
  #last: Entry | undefined;

  constructor(most: number, compare: (a: Entry, b: Entry) => number = () => 0) {
    this.#most = most;
    this.#compare = compare;
  }

  add(...entries: readonly Entry[]): void {
    for (const entry of entries) {
      this.#total += 1;
      // Never held: what is held for a while is garbage that V8 leaves lying about for long.
      if (this.#last !== undefined && this.#compare(entry, this.#last) >= 0) continue;
      this.#kept.push(entry);
      // Sorted now and then, not each time.
      if (this.#kept.length >= this.#most * 1.1 + 100) this.#cut();
    }
  }

  /** How many there were. */
  get total(): number {
    return this.#total;
  }

  /** In order. */
  list(): readonly Entry[] {
    this.#cut();
    return this.#kept;
  }

  #cut(): void {
    this.#kept.sort(this.#compare);
    if (this.#kept.length < this.#most) return;
    this.#kept.length = this.#most;
    this.#last = this.#kept.at(-1);
  }
}
