import type { HeapType } from '../graph/heap.ts';
import { TYPE_IS_ARRAY, TYPE_IS_STRING } from './layout.ts';
import type { Refuse } from './sections.ts';

/** A type or a static with a longer name is a damaged file. */
const LONGEST_TEXT = 1 << 20;

/** Texts by offset and length in one section, decoded when they are asked for. */
export class Texts {
  readonly #bytes: Uint8Array;
  readonly #refuse: Refuse;
  readonly #decoder = new TextDecoder();

  constructor(bytes: Uint8Array, refuse: Refuse) {
    this.#bytes = bytes;
    this.#refuse = refuse;
  }

  check(offset: number, length: number): void {
    if (length > LONGEST_TEXT || offset + length > this.#bytes.length)
      throw this.#refuse('heap-file-damaged', `a text of ${length} bytes at ${offset} leaves section "strings"`);
  }

  at(offset: number, length: number): string {
    return length === 0 ? '' : this.#decoder.decode(this.#bytes.subarray(offset, offset + length));
  }
}

export function readTypes(words: Uint32Array, texts: Texts): HeapType[] {
  const types: HeapType[] = [];
  // Many types share a module: equal places are equal texts.
  const modules = new Map<number, string>();
  for (let at = 0; at < words.length; at += 5) {
    const [name = 0, nameLength = 0, module = 0, moduleLength = 0, flags = 0] = words.subarray(at, at + 5);
    texts.check(name, nameLength);
    texts.check(module, moduleLength);
    const key = module * 2 ** 21 + moduleLength;
    const moduleText = modules.get(key) ?? texts.at(module, moduleLength);
    modules.set(key, moduleText);
    types.push({
      name: texts.at(name, nameLength),
      module: moduleText,
      isArray: (flags & TYPE_IS_ARRAY) !== 0,
      isString: (flags & TYPE_IS_STRING) !== 0,
    });
  }
  return types;
}
