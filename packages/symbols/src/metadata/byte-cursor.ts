/** Bytes are missing or contradict the format. Never leaves the package: symbols that cannot be read are no symbols. */
export class MalformedSymbols extends Error {
  override readonly name = 'MalformedSymbols';
}

/** Reads little-endian values and ECMA-335 compressed integers; every read is checked against the end. */
export class ByteCursor {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = at;
  }

  get position(): number {
    return this.#at;
  }

  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  #advance(count: number): number {
    const start = this.#at;
    if (count < 0 || start < 0 || start + count > this.#bytes.length) {
      throw new MalformedSymbols(`${count} bytes expected at ${start} of ${this.#bytes.length}`);
    }
    this.#at = start + count;
    return start;
  }

  skip(count: number): void {
    this.#advance(count);
  }

  bytes(count: number): Uint8Array {
    const start = this.#advance(count);
    return this.#bytes.subarray(start, start + count);
  }

  u8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#advance(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#advance(8), true);
  }

  /** Lower case with dashes; the first three groups are numbers. */
  guid(): string {
    const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
    const first = [hex(this.u32(), 8), hex(this.u16(), 4), hex(this.u16(), 4)];
    const rest = Buffer.from(this.bytes(8)).toString('hex');
    return [...first, rest.slice(0, 4), rest.slice(4)].join('-');
  }

  /** Two or four bytes: the width of an index depends on how many rows it can point at. */
  index(width: 2 | 4): number {
    return width === 2 ? this.u16() : this.u32();
  }

  /** ECMA-335 II.23.2: 1, 2 or 4 bytes, the width in the top bits, most significant byte first. */
  compressed(): number {
    return this.#compressed().value;
  }

  /** As compressed(), with the sign rotated into the lowest bit. */
  compressedSigned(): number {
    const { value, bits } = this.#compressed();
    return (value & 1) === 0 ? value >> 1 : (value >> 1) - 2 ** (bits - 1);
  }

  #compressed(): { value: number; bits: number } {
    const first = this.u8();
    if (first < 0x80) return { value: first, bits: 7 };
    if (first < 0xc0) return { value: ((first & 0x3f) << 8) | this.u8(), bits: 14 };
    if (first >= 0xe0) throw new MalformedSymbols(`0x${first.toString(16)} begins no compressed integer`);
    const rest = (this.u8() << 16) | (this.u8() << 8) | this.u8();
    return { value: ((first & 0x1f) << 24) | rest, bits: 29 };
  }

  /** Up to and without a NUL, which must come within `limit` bytes. */
  terminated(limit: number): string {
    const end = this.#bytes.subarray(this.#at, this.#at + limit).indexOf(0);
    if (end < 0) throw new MalformedSymbols(`no NUL within ${limit} bytes at ${this.#at}`);
    const text = utf8(this.bytes(end));
    this.skip(1);
    return text;
  }
}

export function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
