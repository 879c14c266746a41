import { TAG } from './format.ts';

/** Writes FastSerialization's primitives into memory that grows. */
export class StreamWriter {
  #buffer = Buffer.alloc(256);
  length = 0;

  tag(tag: number): void {
    this.byte(tag);
  }

  byte(value: number): void {
    const at = this.#room(1);
    this.#buffer.writeUInt8(value, at);
  }

  int(value: number): void {
    const at = this.#room(4);
    this.#buffer.writeInt32LE(value | 0, at);
  }

  long(value: bigint): void {
    const at = this.#room(8);
    this.#buffer.writeBigInt64LE(value, at);
  }

  float(value: number): void {
    const at = this.#room(4);
    this.#buffer.writeFloatLE(value, at);
  }

  text(value: string): void {
    const bytes = Buffer.from(value);
    this.int(bytes.length);
    const at = this.#room(bytes.length);
    bytes.copy(this.#buffer, at);
  }

  /** Begins an object whose type was not written before. */
  begin({ name, version, minimumReader }: { name: string; version: number; minimumReader: number }): void {
    this.tag(TAG.beginObject);
    this.tag(TAG.beginObject);
    this.tag(TAG.nullReference);
    this.int(version);
    this.int(minimumReader);
    this.text(name);
    this.tag(TAG.endObject);
  }

  taggedBool(value: boolean): void {
    this.tag(TAG.byte);
    this.byte(value ? 1 : 0);
  }

  bytes(): Uint8Array {
    return new Uint8Array(this.#buffer.buffer, this.#buffer.byteOffset, this.length);
  }

  /** Where `bytes` more may be written. The buffer may be another one afterwards. */
  #room(bytes: number): number {
    const start = this.length;
    if (start + bytes > this.#buffer.length) {
      const larger = Buffer.alloc(Math.max(2 * this.#buffer.length, start + bytes));
      this.#buffer.copy(larger, 0, 0, start);
      this.#buffer = larger;
    }
    this.length += bytes;
    return start;
  }
}
