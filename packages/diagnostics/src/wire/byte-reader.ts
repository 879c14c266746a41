import { guidFromBytes } from './guid.ts';

/** Thrown by ByteReader when bytes are missing or contradict the format; callers turn it into a DiagnosticsError. */
export class MalformedBytes extends Error {
  override readonly name = 'MalformedBytes';
}

/** Reads little-endian values one after another; every read is checked against the end. Never copies. */
export class ByteReader {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get position(): number {
    return this.#at;
  }

  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  #advance(count: number): number {
    if (count < 0 || count > this.remaining) {
      throw new MalformedBytes(`${count} bytes expected at ${this.#at}, ${this.remaining} left`);
    }
    const start = this.#at;
    this.#at += count;
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

  i32(): number {
    return this.#view.getInt32(this.#advance(4), true);
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#advance(8), true);
  }

  i64(): bigint {
    return this.#view.getBigInt64(this.#advance(8), true);
  }

  f32(): number {
    return this.#view.getFloat32(this.#advance(4), true);
  }

  f64(): number {
    return this.#view.getFloat64(this.#advance(8), true);
  }

  guid(): string {
    return guidFromBytes(this.bytes(16));
  }

  /** Seven bits per byte, lowest first; at most 5 bytes. */
  varU32(): number {
    return Number(this.#varint(5) & 0xffff_ffffn);
  }

  /** Seven bits per byte, lowest first; at most 10 bytes. */
  varU64(): bigint {
    return BigInt.asUintN(64, this.#varint(10));
  }

  #varint(maximumBytes: number): bigint {
    // Most values fit into four bytes: plain numbers there, BigInt only beyond.
    let low = 0;
    for (let index = 0; index < 4; index++) {
      const byte = this.u8();
      low += (byte & 0x7f) * 2 ** (7 * index);
      if (byte < 0x80) return BigInt(low);
    }
    let value = BigInt(low);
    for (let index = 4; index < maximumBytes; index++) {
      const byte = this.u8();
      value |= BigInt(byte & 0x7f) << BigInt(7 * index);
      if (byte < 0x80) return value;
    }
    throw new MalformedBytes(`variable-length number longer than ${maximumBytes} bytes at ${this.#at}`);
  }

  /** IPC string: u32 count of UTF-16 units including the NUL, then UTF-16LE; count 0 is the empty string. */
  countedString(): string {
    const units = this.u32();
    if (units === 0) return '';
    if (units * 2 > this.remaining)
      throw new MalformedBytes(`string of ${units} units at ${this.#at} exceeds its message`);
    const raw = this.bytes(units * 2);
    if (raw[raw.length - 1] !== 0 || raw[raw.length - 2] !== 0) {
      throw new MalformedBytes(`string before ${this.#at} does not end in NUL`);
    }
    return utf16(raw.subarray(0, raw.length - 2));
  }

  /** UTF-16LE up to and without its NUL. */
  terminatedString(): string {
    const start = this.#at;
    while (this.u16() !== 0) {
      // u16() checks the end
    }
    return utf16(this.#bytes.subarray(start, this.#at - 2));
  }
}

function utf16(raw: Uint8Array): string {
  return Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString('utf16le');
}
