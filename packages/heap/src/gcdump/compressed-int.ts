/** Bytes that {@link putInt} takes: groups of 7 bits, the first one's sign bit counts. */
export function intLength(value: number): number {
  if ((value << 25) >> 25 === value) return 1;
  if ((value << 18) >> 18 === value) return 2;
  if ((value << 11) >> 11 === value) return 3;
  return (value << 4) >> 4 === value ? 4 : 5;
}

/** A signed 32-bit number, most significant group first, 0x80: more follows. Returns the offset behind it. */
export function putInt(bytes: Uint8Array, offset: number, value: number): number {
  let at = offset;
  for (let shift = 7 * (intLength(value) - 1); shift > 0; shift -= 7) bytes[at++] = (value >> shift) | 0x80;
  bytes[at++] = value & 0x7f;
  return at;
}

/** Reads such numbers in a row. Beyond the end it reads zeros and {@link IntReader.overrun} is true. */
export class IntReader {
  readonly #bytes: Uint8Array;
  position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get overrun(): boolean {
    return this.position > this.#bytes.length;
  }

  next(): number {
    let byte = this.#bytes[this.position++] ?? 0;
    let value = (byte << 25) >> 25;
    for (let group = 1; group < 5 && (byte & 0x80) !== 0; group++) {
      byte = this.#bytes[this.position++] ?? 0;
      value = (value << 7) + (byte & 0x7f);
    }
    return value | 0;
  }
}
