const HIGH = 2 ** 32;

/**
 * Unsigned 64-bit numbers where they lie, read as plain numbers: a BigUint64Array would allocate for each. Values are exact up to
 * 2^53 - 1; {@link Uint64Column.fits} tells whether all of them are.
 */
export class Uint64Column {
  readonly length: number;
  readonly #words: Uint32Array;

  /** `words`: low word first, two per number. */
  constructor(words: Uint32Array) {
    this.#words = words;
    this.length = words.length >>> 1;
  }

  static of(values: ArrayLike<number>): Uint64Column {
    const words = new Uint32Array(values.length * 2);
    for (let index = 0; index < values.length; index++) {
      const value = values[index] ?? 0;
      words[2 * index] = value % HIGH;
      words[2 * index + 1] = value / HIGH;
    }
    return new Uint64Column(words);
  }

  at(index: number): number {
    return (this.#words[2 * index + 1] ?? 0) * HIGH + (this.#words[2 * index] ?? 0);
  }

  fits(): boolean {
    const words = this.#words;
    let high = 0;
    for (let index = 1; index < words.length; index += 2) high |= words[index] ?? 0;
    return high >>> 0 < 2 ** 21;
  }

  ascends(): boolean {
    const words = this.#words;
    let [low, high] = [words[0] ?? 0, words[1] ?? 0];
    for (let index = 2; index + 1 < words.length; index += 2) {
      const nextLow = words[index] ?? 0;
      const nextHigh = words[index + 1] ?? 0;
      if (nextHigh < high || (nextHigh === high && nextLow <= low)) return false;
      low = nextLow;
      high = nextHigh;
    }
    return true;
  }

  /** The bytes as they are written to a file. */
  bytes(): Uint8Array {
    return new Uint8Array(this.#words.buffer, this.#words.byteOffset, this.#words.byteLength);
  }
}
