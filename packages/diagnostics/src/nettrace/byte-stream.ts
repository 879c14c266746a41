/** The source ended before everything asked for had come. */
export class StreamEnded extends Error {
  override readonly name = 'StreamEnded';
}

/** Takes exact amounts from chunks of any size. */
export class ByteStream {
  readonly #source: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array(0);
  #offset = 0;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Bytes taken so far: alignment in the format counts from the start of the file. */
  get offset(): number {
    return this.#offset;
  }

  /** @throws StreamEnded */
  async take(count: number): Promise<Uint8Array> {
    let result: Uint8Array;
    if (this.#chunk.length >= count) {
      result = this.#chunk.subarray(0, count);
      this.#chunk = this.#chunk.subarray(count);
    } else {
      result = await this.#gather(count);
    }
    this.#offset += count;
    return result;
  }

  async #gather(count: number): Promise<Uint8Array> {
    // Memory is taken as bytes come, not as a hostile size field asks for.
    const parts: Uint8Array[] = [];
    for (let missing = count; missing > 0; ) {
      if (this.#chunk.length === 0) {
        const { done, value } = await this.#source.next();
        if (done) throw new StreamEnded(`${missing} of ${count} bytes missing at ${this.#offset}`);
        this.#chunk = value;
        continue;
      }
      const part = this.#chunk.subarray(0, missing);
      this.#chunk = this.#chunk.subarray(part.length);
      parts.push(part);
      missing -= part.length;
    }
    return Buffer.concat(parts);
  }

  /** Lets the source free what it holds. */
  async close(): Promise<void> {
    await this.#source.return?.();
  }
}
