import { lastWords } from '@firstchance/model';

/** The last of what a program wrote, for the sentence that says why it failed. */
export class OutputTail {
  readonly #limit: number;
  #text = '';

  /** @param limit characters that are kept; an exception that nobody caught stands above a stack of some thousand */
  constructor(limit = 32_000) {
    this.#limit = limit;
  }

  add(chunk: Buffer | string): void {
    this.#text = (this.#text + chunk.toString()).slice(-this.#limit);
  }

  /** What tells why it ended, else its last lines that say something; oldest first. */
  lines(count = 10): string[] {
    return lastWords(this.#text, count);
  }
}
