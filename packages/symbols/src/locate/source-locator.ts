import { stat } from 'node:fs/promises';
import { readMethodCode } from '../il/method-body.ts';
import { stateStoredBefore } from '../il/state-stored.ts';
import { SymbolReader } from '../symbol-reader.ts';
import type { LocateAwaitRequest, LocateRequest } from '../types.ts';

export interface SourceLocatorOptions {
  /** Memory for symbols kept open; the last used module is kept however large. Default 64 MB. */
  readonly maximumBytes?: number;
  /** Modules remembered, those without symbols included. Default 512. */
  readonly maximumModules?: number;
}

interface SourceLine {
  readonly file: string;
  readonly line: number;
}

interface Entry {
  readonly reader: Promise<SymbolReader | null>;
  /** 0 until opened. */
  bytes: number;
}

/** File and line for instructions of many modules; keeps the symbols used last. Safe to call concurrently. */
export class SourceLocator {
  readonly #maximumBytes: number;
  readonly #maximumModules: number;
  /** In the order of use, the oldest first. */
  readonly #entries = new Map<string, Entry>();

  constructor({ maximumBytes = 64 * 1024 * 1024, maximumModules = 512 }: SourceLocatorOptions = {}) {
    this.#maximumBytes = maximumBytes;
    this.#maximumModules = maximumModules;
  }

  /** Null where no symbols tell; a module or PDB that cannot be read is no failure. */
  async locate({ modulePath, token, ilOffset, pdb }: LocateRequest): Promise<SourceLine | null> {
    const reader = await this.#reader(modulePath, pdb);
    const position = reader?.lookup(token, ilOffset);
    return position ? { file: position.file, line: position.line } : null;
  }

  /**
   * The line of the await at which a pending async method stands; of an await in a statement of several lines, where the statement
   * begins. The code itself says which await stores which state: one that cannot be reached has a number too, but no place.
   */
  async locateAwait({ modulePath, token, state, pdb }: LocateAwaitRequest): Promise<SourceLine | null> {
    const reader = await this.#reader(modulePath, pdb);
    const offsets = reader?.yieldOffsets(token) ?? [];
    if (!reader || offsets.length === 0) return null;
    const code = await readMethodCode(modulePath, token & 0xff_ffff);
    const offset = code ? offsets.find((one) => stateStoredBefore(code, one) === state) : undefined;
    const position = offset === undefined ? null : reader.lookup(token, offset);
    return position ? { file: position.file, line: position.line } : null;
  }

  /** The async or iterator method a MoveNext was made from; null for every other method, or without symbols. */
  async kickoffMethod({ modulePath, token, pdb }: Omit<LocateRequest, 'ilOffset'>): Promise<number | null> {
    return (await this.#reader(modulePath, pdb))?.kickoffMethod(token) ?? null;
  }

  /** Bytes of symbols in memory. */
  get bytesHeld(): number {
    return [...this.#entries.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  async #reader(modulePath: string, pdb: string | undefined): Promise<SymbolReader | null> {
    const key = await moduleKey(modulePath, pdb);
    if (key === null) return null;
    let entry = this.#entries.get(key);
    if (entry) {
      this.#entries.delete(key);
    } else {
      const added: Entry = { bytes: 0, reader: SymbolReader.open(modulePath, pdb === undefined ? {} : { pdb }) };
      entry = added;
      void added.reader.then(
        (reader) => {
          added.bytes = reader?.byteLength ?? 0;
          this.#trim();
        },
        () => this.#entries.delete(key),
      );
    }
    this.#entries.set(key, entry);
    this.#trim();
    return await entry.reader;
  }

  #trim(): void {
    let bytes = this.bytesHeld;
    for (const [key, entry] of this.#entries) {
      if (this.#entries.size <= 1) return;
      if (bytes <= this.#maximumBytes && this.#entries.size <= this.#maximumModules) return;
      this.#entries.delete(key);
      bytes -= entry.bytes;
    }
  }
}

/** Holds size and time: a module that was built anew is another one. Null when it is not there. */
async function moduleKey(modulePath: string, pdb: string | undefined): Promise<string | null> {
  try {
    const { size, mtimeMs, ino } = await stat(modulePath);
    return [modulePath, size, mtimeMs, ino, pdb ?? ''].join('\0');
  } catch {
    return null;
  }
}
