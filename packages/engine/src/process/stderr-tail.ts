import type { Readable } from 'node:stream';

const LIMIT = 2000;

/** The last lines a process wrote to stderr: what it said before it died. */
export class StderrTail {
  #text = '';

  constructor(stream: Readable) {
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => {
      this.#text = (this.#text + chunk).slice(-LIMIT);
    });
  }

  /** ` and said: "…"`, or nothing. */
  text(): string {
    const text = this.#text.trim();
    return text === '' ? '' : ` and said: "${text}"`;
  }
}
