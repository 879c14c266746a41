/** The largest message that is taken, in bytes; a heap's types in one census are a few MB. */
export const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/** Header fields of a message are tens of bytes. */
const MAX_HEAD_BYTES = 8_192;

/**
 * Follows the framing of the protocol ("Content-Length: N", an empty line, N bytes) and finds a message that is too large when
 * it begins: the reader would gather all of it in memory first.
 */
export class SizeLimit {
  readonly #maxBytes: number;
  #head = '';
  /** Bytes of the message that are still to come. */
  #body = 0;
  #messages = 0;

  constructor(maxBytes = MAX_MESSAGE_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** Whole messages that have come. */
  get messages(): number {
    return this.#messages;
  }

  /** The next bytes of the stream. False when they must not be read on. */
  allows(data: Uint8Array): boolean {
    let rest = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    while (rest.length > 0) {
      if (this.#body > 0) {
        const taken = Math.min(this.#body, rest.length);
        this.#body -= taken;
        if (this.#body === 0) this.#messages += 1;
        rest = rest.subarray(taken);
        continue;
      }
      const before = this.#head.length;
      this.#head += rest.toString('latin1');
      const end = this.#head.indexOf('\r\n\r\n');
      if (end < 0) return this.#head.length <= MAX_HEAD_BYTES;
      if (end > MAX_HEAD_BYTES) return false;
      // Without a length the reader itself refuses the message.
      const length = Number(/content-length:\s*(\d+)/i.exec(this.#head.slice(0, end))?.[1] ?? 0);
      if (length > this.#maxBytes) return false;
      rest = rest.subarray(end + 4 - before);
      this.#head = '';
      this.#body = length;
    }
    return true;
  }
}
