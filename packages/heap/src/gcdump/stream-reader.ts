import type { Refuse } from '../file/sections.ts';
import { TAG } from './format.ts';

/** A text with more bytes is a damaged file. */
const LONGEST_TEXT = 1 << 24;

/** Reads FastSerialization's primitives; every length is checked against what is left before anything is made of it. */
export class StreamReader {
  readonly #view: DataView;
  readonly #refuse: Refuse;
  readonly #decoder = new TextDecoder();
  /** Names of types by where they were written first. */
  readonly #types = new Map<number, string>();
  position = 0;

  constructor(buffer: ArrayBuffer, refuse: Refuse) {
    this.#view = new DataView(buffer);
    this.#refuse = refuse;
  }

  get left(): number {
    return this.#view.byteLength - this.position;
  }

  /** Takes `bytes` and returns where they begin. */
  take(bytes: number, what: string): number {
    if (bytes > this.left)
      throw this.#refuse(
        'heap-file-cut-off',
        `${what} at byte ${this.position} needs ${bytes} bytes, ${this.left} are left`,
      );
    const start = this.position;
    this.position += bytes;
    return start;
  }

  byte(what: string): number {
    return this.#view.getUint8(this.take(1, what));
  }

  int(what: string): number {
    return this.#view.getInt32(this.take(4, what), true);
  }

  long(what: string): bigint {
    return this.#view.getBigInt64(this.take(8, what), true);
  }

  float(what: string): number {
    return this.#view.getFloat32(this.take(4, what), true);
  }

  /** A number of things that take at least `bytesEach`. */
  count(bytesEach: number, what: string): number {
    const value = this.int(what);
    if (value < 0 || value * bytesEach > this.left)
      throw this.#refuse('heap-file-damaged', `it claims ${value} ${what} and has ${this.left} bytes left`);
    return value;
  }

  text(what: string): string {
    const length = this.int(what);
    if (length === -1) return '';
    if (length < 0 || length > LONGEST_TEXT) throw this.#refuse('heap-file-damaged', `${what} has ${length} bytes`);
    return this.#decoder.decode(new Uint8Array(this.#view.buffer, this.take(length, what), length));
  }

  /** The type name of an object that begins here; undefined for null. */
  begin(what: string): string | undefined {
    const tag = this.byte(what);
    if (tag === TAG.nullReference) return undefined;
    if (tag !== TAG.beginObject && tag !== TAG.beginPrivateObject) throw this.unexpected(what, tag);
    const place = this.position;
    const typeTag = this.byte(what);
    if (typeTag === TAG.objectReference) {
      const known = this.#types.get(this.int(what) >>> 0);
      if (known === undefined) throw this.unexpected(what, typeTag);
      return known;
    }
    if (typeTag !== TAG.beginObject && typeTag !== TAG.beginPrivateObject) throw this.unexpected(what, typeTag);
    this.expect(TAG.nullReference, what);
    this.int(what);
    this.int(what);
    const name = this.text(what);
    this.expect(TAG.endObject, what);
    this.#types.set(place, name);
    return name;
  }

  expect(tag: number, what: string): void {
    const found = this.byte(what);
    if (found !== tag) throw this.unexpected(what, found);
  }

  unexpected(what: string, tag: number): Error {
    return this.#refuse('heap-file-damaged', `${what} has tag ${tag} at byte ${this.position - 1}`);
  }
}
