import type { SecretPattern } from './patterns.ts';

/** Bytes that are looked at together. */
const BLOCK = 2;

/**
 * Looks for many byte patterns at once in a stream of chunks (Wu and Manber 1994, "A fast algorithm for multi-pattern searching",
 * blocks of two bytes): most of the text is jumped over, so that gigabytes take seconds. Memory: a chunk and the longest pattern.
 */
export class PatternSearch {
  readonly #found = new Set<string>();
  /** By block: how far the window may be moved. */
  readonly #shift: Uint16Array;
  /** Patterns by the block at the end of their first `#window` bytes. */
  readonly #candidates = new Map<number, SecretPattern[]>();
  /** Length of the shortest pattern. */
  readonly #window: number;
  readonly #longest: number;
  #carried = Buffer.alloc(0);

  constructor(patterns: readonly SecretPattern[]) {
    const usable = patterns.filter(({ bytes }) => bytes.length >= BLOCK);
    this.#window = Math.min(...usable.map(({ bytes }) => bytes.length), 0x7fff);
    this.#longest = Math.max(BLOCK, ...usable.map(({ bytes }) => bytes.length));
    this.#shift = new Uint16Array(0x10000).fill(this.#window - BLOCK + 1);
    for (const pattern of usable) {
      for (let end = BLOCK; end <= this.#window; end += 1) {
        const block = pattern.bytes.readUInt16LE(end - BLOCK);
        const shift = this.#window - end;
        if (shift < (this.#shift[block] ?? 0)) this.#shift[block] = shift;
        if (shift === 0) this.#candidates.set(block, [...(this.#candidates.get(block) ?? []), pattern]);
      }
    }
  }

  /** Variables whose values have been found so far. */
  get found(): readonly string[] {
    return [...this.#found].sort();
  }

  add(chunk: Buffer): void {
    if (this.#candidates.size === 0) return;
    const text = this.#carried.length === 0 ? chunk : Buffer.concat([this.#carried, chunk]);
    this.#scan(text);
    // A pattern may begin here and end in the next chunk.
    this.#carried = Buffer.from(text.subarray(Math.max(0, text.length - this.#longest + 1)));
  }

  #scan(text: Buffer): void {
    const window = this.#window;
    const shifts = this.#shift;
    for (let end = window; end <= text.length; ) {
      const block = (text[end - 2] ?? 0) | ((text[end - 1] ?? 0) << 8);
      const shift = shifts[block] ?? 1;
      if (shift === 0) {
        this.#compare(text, end - window, block);
        end += 1;
      } else end += shift;
    }
  }

  #compare(text: Buffer, at: number, block: number): void {
    for (const { variable, bytes } of this.#candidates.get(block) ?? []) {
      if (text.length - at >= bytes.length && text.compare(bytes, 0, bytes.length, at, at + bytes.length) === 0)
        this.#found.add(variable);
    }
  }
}
