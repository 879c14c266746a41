import { ByteCursor, MalformedSymbols } from './byte-cursor.ts';

const GUID_BYTES = 16;

/** The #Blob and #GUID heaps (ECMA-335 II.24.2.4, 24.2.5). */
export class Heaps {
  readonly #blobs: Uint8Array;
  readonly #guids: Uint8Array;

  constructor(streams: ReadonlyMap<string, Uint8Array>) {
    this.#blobs = streams.get('#Blob') ?? new Uint8Array(0);
    this.#guids = streams.get('#GUID') ?? new Uint8Array(0);
  }

  /** @throws MalformedSymbols */
  blob(index: number): Uint8Array {
    if (index === 0) return new Uint8Array(0);
    const cursor = new ByteCursor(this.#blobs, index);
    return cursor.bytes(cursor.compressed());
  }

  /** Hexadecimal digits of the bytes as they stand; index counts from 1. @throws MalformedSymbols */
  guid(index: number): string {
    const start = (index - 1) * GUID_BYTES;
    if (index < 1 || start + GUID_BYTES > this.#guids.length) throw new MalformedSymbols(`no GUID ${index}`);
    return Buffer.from(this.#guids.subarray(start, start + GUID_BYTES)).toString('hex');
  }
}
