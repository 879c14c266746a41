import { Uint64Column } from '../graph/uint64-column.ts';
import type { SectionName } from './layout.ts';
import type { Refuse, SectionTable } from './sections.ts';

/** Node's typed arrays hold at most 2^32 elements. */
const MOST_ELEMENTS = 2 ** 32;

/** Typed arrays over the sections of one file, where they lie. */
export class Columns {
  readonly #buffer: ArrayBuffer;
  readonly #table: SectionTable;
  readonly #refuse: Refuse;

  constructor(buffer: ArrayBuffer, table: SectionTable, refuse: Refuse) {
    this.#buffer = buffer;
    this.#table = table;
    this.#refuse = refuse;
  }

  has(name: SectionName): boolean {
    return this.#table[name] !== undefined;
  }

  bytes(name: SectionName, count?: number): Uint8Array {
    const section = this.#section(name, 1, count);
    return new Uint8Array(this.#buffer, section.offset, section.count);
  }

  /** `words`: 32-bit words per element. */
  words(name: SectionName, words = 1, count?: number): Uint32Array {
    const section = this.#section(name, words, count);
    return new Uint32Array(this.#buffer, section.offset, section.count * words);
  }

  wide(name: SectionName, count?: number): Uint64Column {
    return new Uint64Column(this.words(name, 2, count));
  }

  #section(name: SectionName, words: number, count: number | undefined) {
    const section = this.#table[name];
    if (!section) throw this.#refuse('heap-file-damaged', `section "${name}" is missing`);
    if (count !== undefined && section.count !== count)
      throw this.#refuse('heap-file-damaged', `section "${name}" has ${section.count} elements where ${count} belong`);
    if (section.count * words > MOST_ELEMENTS)
      throw this.#refuse('heap-file-too-large', `section "${name}" has more elements than Node can index`);
    return section;
  }
}
