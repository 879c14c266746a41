/** The last of what a program wrote, for the sentence that says why it failed. */
export class OutputTail {
  readonly #limit: number;
  #text = '';

  /** @param limit characters that are kept */
  constructor(limit = 4_000) {
    this.#limit = limit;
  }

  add(chunk: Buffer | string): void {
    this.#text = (this.#text + chunk.toString()).slice(-this.#limit);
  }

  /** Its last lines that say something, oldest first. */
  lines(count = 10): string[] {
    return this.#text
      .split(/\r?\n/)
      .filter((line) => line.trim() !== '')
      .slice(-count);
  }
}
