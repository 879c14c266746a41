import { randomUUID } from 'node:crypto';
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { JournalEntry } from '../wire/journal.ts';
import { monotonicMs } from '../wire/monotonic.ts';

type Told = JournalEntry extends infer E ? (E extends JournalEntry ? Pick<E, 'method' | 'params'> : never) : never;

/** It is kept until the session ends, often in memory: some ten thousand tests fit. */
const MAX_BYTES = 16 * 1024 * 1024;
const { O_APPEND, O_CREAT, O_EXCL, O_WRONLY } = constants;

/** Tests told without waking the server (wire/journal.ts). Written at once: it is there even if the process now blocks or dies. */
export class TestJournal {
  readonly name: string;
  readonly #file: number;
  #left = MAX_BYTES;

  private constructor(folder: string, name: string) {
    this.name = name;
    this.#file = openSync(join(folder, name), O_WRONLY | O_CREAT | O_EXCL | O_APPEND, 0o600);
  }

  /** @param folder the session's private one. Undefined where no file can be made there */
  static open(folder: string): TestJournal | undefined {
    try {
      return new TestJournal(folder, `journal-${randomUUID()}`);
    } catch {
      return undefined;
    }
  }

  /**
   * False when it must be told by another way: the file is full, or cannot be written (the disk is full, a test has replaced what
   * Node's files are made of).
   */
  tell(entry: Told, after: number): boolean {
    if (this.#left <= 0) return false;
    const line = Buffer.from(`${JSON.stringify({ at: monotonicMs(), after, ...entry })}\n`);
    this.#left -= line.length;
    try {
      if (this.#left >= 0 && writeSync(this.#file, line) === line.length) return true;
    } catch {
      // Said below, for good: half a line may be in the file.
    }
    this.#left = 0;
    return false;
  }

  [Symbol.dispose](): void {
    this.#left = 0;
    try {
      closeSync(this.#file);
    } catch {
      // The test process has closed what it did not open.
    }
  }
}
