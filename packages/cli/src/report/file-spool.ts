import { randomBytes } from 'node:crypto';
import { closeSync, constants, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Spool } from '@firstchance/report';

/** Reports of ordinary sessions need no file. */
const IN_MEMORY_BYTES = 1024 * 1024;

interface Place {
  readonly at: number;
  readonly bytes: number;
}

/**
 * Keeps texts in memory while they are few, then in a file that has no name any more: nobody else can open it, and it is gone with
 * us, however we end.
 */
export class FileSpool implements Spool<Place | string>, Disposable {
  #inMemory = 0;
  #file: number | undefined;
  #end = 0;

  /** @throws the system's error when there is no room for it */
  append(text: string): Place | string {
    const bytes = Buffer.byteLength(text);
    if (this.#inMemory + bytes <= IN_MEMORY_BYTES) {
      this.#inMemory += bytes;
      return text;
    }
    this.#file ??= openUnnamed();
    const place = { at: this.#end, bytes };
    writeWhole(this.#file, Buffer.from(text), place.at);
    this.#end += bytes;
    return place;
  }

  read(place: Place | string): string {
    if (typeof place === 'string') return place;
    if (this.#file === undefined) throw new Error('the texts of the report are gone');
    const buffer = Buffer.alloc(place.bytes);
    for (let done = 0; done < place.bytes; ) {
      const read = readSync(this.#file, buffer, done, place.bytes - done, place.at + done);
      if (read === 0) throw new Error('the texts of the report were cut short');
      done += read;
    }
    return buffer.toString('utf8');
  }

  [Symbol.dispose](): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}

function openUnnamed(): number {
  const path = join(tmpdir(), `firstchance-report-${process.pid}-${randomBytes(6).toString('hex')}`);
  const { O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  const file = openSync(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  unlinkSync(path);
  return file;
}

/** A write may be cut short without an error. */
function writeWhole(file: number, bytes: Buffer, at: number): void {
  let done = 0;
  while (done < bytes.length) done += writeSync(file, bytes, done, bytes.length - done, at + done);
}
