import { ByteReader, MalformedBytes } from '../wire/byte-reader.ts';

/** Stacks by id. They are valid up to the next sequence point only, which bounds the memory of a long session. */
export class StackTable {
  readonly #stacks = new Map<number, Uint8Array>();
  readonly #pointerBytes: 4 | 8;

  constructor(pointerBytes: 4 | 8) {
    this.#pointerBytes = pointerBytes;
  }

  /** @throws MalformedBytes */
  addBlock(block: Uint8Array): void {
    const reader = new ByteReader(block);
    const first = reader.u32();
    const count = reader.u32();
    if (count * 4 > reader.remaining) throw new MalformedBytes(`${count} stacks in ${reader.remaining} bytes`);
    for (let index = 0; index < count; index++) this.#stacks.set(first + index, reader.bytes(reader.u32()));
  }

  clear(): void {
    this.#stacks.clear();
  }

  /** Return addresses, innermost first; empty for an unknown id (0: no stack was taken). */
  addresses(id: number): bigint[] {
    const bytes = this.#stacks.get(id);
    if (!bytes) return [];
    const reader = new ByteReader(bytes);
    const result: bigint[] = [];
    while (reader.remaining >= this.#pointerBytes) {
      result.push(this.#pointerBytes === 8 ? reader.u64() : BigInt(reader.u32()));
    }
    return result;
  }
}
