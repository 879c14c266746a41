import { byteLength } from '../text/limit.ts';

/**
 * Pieces of a document, most important first, within a number of bytes: a piece that does not fit is left out whole and
 * counted, so that no table or block is cut in the middle.
 */
export class Budget {
  readonly #pieces: string[] = [];
  #left: number;
  #leftOut = 0;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  /** Adds a piece and the line break behind it, unless it does not fit. */
  add(piece: string): boolean {
    const bytes = byteLength(piece) + 1;
    if (bytes > this.#left) {
      this.#leftOut += 1;
      return false;
    }
    this.#left -= bytes;
    this.#pieces.push(piece);
    return true;
  }

  get leftOut(): number {
    return this.#leftOut;
  }

  toString(): string {
    return `${this.#pieces.join('\n')}\n`;
  }
}
