import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import { basename, join } from 'node:path';
import {
  type CaptureDetail,
  captureDetailSchema,
  conforms,
  type GrowthCheck,
  growthCheckSchema,
} from '@firstchance/model';
import { isPlainName } from '../files/plain-name.ts';

/** Much more than the largest process needs; what is larger is damage or an attack on the memory. */
const LARGEST_FILE = 64 * 1024 * 1024;
/** Several renderers ask for the same documents: of an ordinary session all stay, of a large one the first. */
const REMEMBERED_BYTES = 4 * 1024 * 1024;

type Schema<T> = Parameters<typeof conforms<T>>[0];
/** The document and the bytes of its file, or why there is none in words. */
export type DocumentReading<T> = { readonly value: T; readonly bytes: number } | string;

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
    try {
      using _opened = openFile(join(this.#folder, place.path));
      return undefined;
    } catch (error) {
      return whyNot(place.path, error);
    }
  }

  #read<T>(path: string, schema: Schema<T>): DocumentReading<T> {
    let text: string;
    let file: Stats;
    try {
      // A link in somebody else's session must not bring a file of ours into a report.
      using opened = openFile(path);
      file = fstatSync(opened.descriptor);
      const known = this.#remembered.get(path);
      // A file that was written anew is another one.
      if (known && known.file.ino === file.ino && known.file.mtimeMs === file.mtimeMs && known.file.size === file.size)
        return { value: known.value as T, bytes: file.size };
      if (file.size > LARGEST_FILE) return `${basename(path)} is larger than any report needs (${file.size} bytes)`;
      text = readFileSync(opened.descriptor, 'utf8');
    } catch (error) {
      return whyNot(path, error);
    }
    try {
      const checked = conforms<T>(schema, JSON.parse(text));
      if (!checked.ok) return `${basename(path)} is not understood: ${checked.problem}`;
      this.#remember(path, file, checked.value);
      return { value: checked.value, bytes: file.size };
    } catch {
      return `${basename(path)} is cut off or no JSON`;
    }
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

function openFile(path: string): { descriptor: number } & Disposable {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  return { descriptor, [Symbol.dispose]: () => closeSync(descriptor) };
}

function whyNot(path: string, error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT'
    ? `there is no ${basename(path)}`
    : `${basename(path)} cannot be read (${code ?? 'unknown'})`;
}
