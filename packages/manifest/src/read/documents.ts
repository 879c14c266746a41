import type { Stats } from 'node:fs';
import { basename, join } from 'node:path';
import { type CaptureDetail, captureDetailSchema, type GrowthCheck, growthCheckSchema } from '@firstchance/model';
import { isPlainName } from '../files/plain-name.ts';
import { type DocumentReading, openDocument, parseDocument, type Schema } from './document.ts';

/** Several renderers ask for the same documents: of an ordinary session all stay, of a large one the first. */
const REMEMBERED_BYTES = 4 * 1024 * 1024;

/**
 * The documents that a session folder's manifest names, read when they are asked for: those of a large session do not fit into
 * memory together. Names lead nowhere outside the folder.
 */
export class SessionDocuments {
  readonly #folder: string;
  readonly #remembered = new Map<string, { file: Stats; value: unknown }>();
  #room = REMEMBERED_BYTES;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** capture.json of the capture with this id. */
  detail(id: string): DocumentReading<CaptureDetail> {
    const place = placeOf('capture', id);
    return 'why' in place ? place.why : this.#read(join(this.#folder, place.path), captureDetailSchema);
  }

  /** The growth check with this path in its record. */
  check(path: string): DocumentReading<GrowthCheck> {
    const place = placeOf('check', path);
    return 'why' in place ? place.why : this.#read(join(this.#folder, place.path), growthCheckSchema);
  }

  /** Why there is nothing to read, in words, without reading; undefined when there is. */
  missing(kind: 'capture' | 'check', name: string): string | undefined {
    const place = placeOf(kind, name);
    if ('why' in place) return place.why;
    const opened = openDocument(join(this.#folder, place.path));
    if (typeof opened === 'string') return opened;
    opened[Symbol.dispose]();
    return undefined;
  }

  #read<T>(path: string, schema: Schema<T>): DocumentReading<T> {
    const opened = openDocument(path);
    if (typeof opened === 'string') return opened;
    using file = opened;
    const known = this.#remembered.get(path);
    // A file that was written anew is another one.
    if (known && isSame(known.file, file.stats)) return { value: known.value as T, bytes: file.stats.size };
    const read = parseDocument(file, path, schema);
    if (typeof read !== 'string') this.#remember(path, file.stats, read.value);
    return read;
  }

  #remember(path: string, file: Stats, value: unknown): void {
    if (file.size > this.#room) return;
    this.#room -= file.size;
    this.#remembered.set(path, { file, value });
  }
}

/** Names come from a manifest that may be anybody's. */
function placeOf(kind: 'capture' | 'check', name: string): { path: string } | { why: string } {
  if (kind === 'capture')
    return isPlainName(name)
      ? { path: join('captures', name, 'capture.json') }
      : { why: 'its id is no name of a folder' };
  const file = basename(name);
  return name === `checks/${file}` && isPlainName(file) ? { path: name } : { why: 'its path leads out of checks/' };
}

function isSame(a: Stats, b: Stats): boolean {
  return a.ino === b.ino && a.mtimeMs === b.mtimeMs && a.size === b.size;
}
