import { guidToBytes } from './guid.ts';

/** Builds the payload of a request; calls can be chained. */
export class ByteWriter {
  readonly #parts: Uint8Array[] = [];

  #number(size: number, write: (buffer: Buffer) => void): this {
    const buffer = Buffer.alloc(size);
    write(buffer);
    this.#parts.push(buffer);
    return this;
  }

  u8(value: number): this {
    return this.#number(1, (buffer) => buffer.writeUInt8(value));
  }

  bool(value: boolean): this {
    return this.u8(value ? 1 : 0);
  }

  u32(value: number): this {
    return this.#number(4, (buffer) => buffer.writeUInt32LE(value));
  }

  u64(value: bigint): this {
    return this.#number(8, (buffer) => buffer.writeBigUInt64LE(BigInt.asUintN(64, value)));
  }

  guid(text: string): this {
    return this.bytes(guidToBytes(text));
  }

  bytes(value: Uint8Array): this {
    this.#parts.push(value);
    return this;
  }

  /** u32 count of UTF-16 units including the NUL, then UTF-16LE; null is count 0. */
  string(value: string | null): this {
    if (value === null) return this.u32(0);
    return this.u32(value.length + 1).bytes(Buffer.from(`${value}\0`, 'utf16le'));
  }

  finish(): Uint8Array {
    return Buffer.concat(this.#parts);
  }
}
