import { closeSync, constants, fchmodSync, fdatasyncSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { ManifestRecord } from '@firstchance/model';
import { systemError } from '../system-error.ts';

/** Name of the index in a session folder. */
export const MANIFEST_FILE = 'manifest.jsonl';

const NEWLINE = 0x0a;

/**
 * Appends records to manifest.jsonl, each by one write(2) of a whole line on a descriptor opened with O_APPEND: the kernel
 * moves to the end and writes under one lock (open(2)), so several processes may append and a kill between two records
 * loses neither. A kill inside a write may leave a torn line, which readers pass over; so they do where another writer has
 * appended a whole one behind it, of which they take that.
 *
 * Lines are in the page cache when append() returns: they outlive this process, whatever happens to it. They are forced to
 * the disk when the writer is closed, not per record: an fdatasync beside the writing of a dump waits for the whole dump.
 */
export class ManifestWriter implements Disposable {
  readonly path: string;
  readonly #file: number;
  /** What is in the file ends in the middle of a line. */
  #torn: boolean;
  #closed = false;

  private constructor(path: string, file: number) {
    this.path = path;
    this.#file = file;
    this.#torn = endsTorn(file);
  }

  /** Opens or makes the manifest of a session folder, mode 0600. @throws FirstchanceError `output-not-writable` */
  static open(sessionFolder: string): ManifestWriter {
    const path = join(sessionFolder, MANIFEST_FILE);
    const { O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW } = constants;
    try {
      // Readable too, to see how it ends. O_NOFOLLOW: in a folder of others, a link must not lead our lines elsewhere.
      const file = openSync(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600);
      if ((fstatSync(file).mode & 0o077) !== 0) restrict(file);
      return new ManifestWriter(path, file);
    } catch (error) {
      throw systemError(`Opening ${path} for appending`, 'writing', error);
    }
  }

  /** Appends one record, whole or not at all; one of a newer version may be passed on as it is. @throws FirstchanceError `disk-full` or `output-not-writable` */
  append(record: ManifestRecord | Readonly<Record<string, unknown>>): void {
    const line = Buffer.from(`${this.#torn ? '\n' : ''}${JSON.stringify(record)}\n`);
    let written: number;
    try {
      written = writeSync(this.#file, line);
    } catch (error) {
      throw systemError(`Appending to ${this.path}`, 'writing', error);
    }
    // A full disk cuts a write short without an error. Others may have appended behind the piece, so it stays, on a line
    // of its own; taking the rest to the next write would mix lines.
    this.#torn = written < line.length && line[written - 1] !== NEWLINE;
    if (written < line.length) {
      const cause = Object.assign(new Error(`wrote ${written} of ${line.length} bytes`), { code: 'ENOSPC' });
      throw systemError(`Appending to ${this.path}`, 'writing', cause);
    }
  }

  /** Forces what was appended to the disk and closes. Safe to call twice. */
  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.#closed = true;
    try {
      fdatasyncSync(this.#file);
    } catch {
      // Pipes and some network file systems cannot; the lines are written all the same.
    }
    closeSync(this.#file);
  }
}

/** True when a writer before us was killed in the middle of a line. */
function endsTorn(file: number): boolean {
  const { size } = fstatSync(file);
  if (size === 0) return false;
  const last = Buffer.alloc(1);
  return readSync(file, last, 0, 1, size - 1) === 1 && last[0] !== NEWLINE;
}

function restrict(file: number): void {
  try {
    fchmodSync(file, 0o600);
  } catch {
    // Somebody else's file that we may write: its mode is theirs to choose.
  }
}
