/**
 * Keeps texts until they are wanted: the totals of a document stand before its cases and are known after them. Whoever may do I/O
 * keeps them in a file.
 */
export interface Spool<Place> {
  append(text: string): Place;
  read(place: Place): string;
}

/** For documents that fit into memory. */
export class MemorySpool implements Spool<number> {
  readonly #texts: string[] = [];

  append(text: string): number {
    return this.#texts.push(text) - 1;
  }

  read(place: number): string {
    return this.#texts[place] ?? '';
  }
}
