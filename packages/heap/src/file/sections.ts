import { HeapFileError, type HeapFileErrorCode } from '../errors.ts';
import {
  ENTRY_BYTES,
  HEADER_BYTES,
  MAGIC,
  MOST_SECTIONS,
  SECTION_NAMES,
  SECTIONS,
  type SectionName,
  VERSION,
} from './layout.ts';

export interface Section {
  readonly offset: number;
  /** Elements. */
  readonly count: number;
}
export type SectionTable = Partial<Record<SectionName, Section>>;

/** Fails reading of one file with a code and a sentence. */
export type Refuse = (code: HeapFileErrorCode, why: string, cause?: unknown) => HeapFileError;

export function refuser(path: string): Refuse {
  return (code, why, cause) => new HeapFileError({ code, what: `Reading ${path}`, why }, { cause });
}

/** Checks the header against the file's real size. Returns the length of the whole file as the header has it, bytes. */
export function checkHeader(header: Uint8Array, size: number, refuse: Refuse): number {
  const looksRight = MAGIC.every((byte, index) => header[index] === byte || index >= header.length);
  if (!looksRight || header.length === 0) throw refuse('heap-file-unknown', 'it is no heap file');
  if (header.length < HEADER_BYTES) throw refuse('heap-file-cut-off', `it ends after ${size} bytes, in its header`);
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const version = view.getUint32(8, true);
  if (version !== VERSION)
    throw refuse('heap-file-version', `it has version ${version} and this firstchance reads version ${VERSION}`);
  const length = uint64(view, 16);
  if (length > size) throw refuse('heap-file-cut-off', `it ends after ${size} of ${length} bytes`);
  const sections = view.getUint32(12, true);
  if (sections > MOST_SECTIONS || HEADER_BYTES + sections * ENTRY_BYTES > length)
    throw refuse('heap-file-damaged', `its header claims ${sections} sections`);
  return length;
}

/**
 * Where the known sections lie; each is checked to be inside the file, aligned and of the table's element size.
 * @param buffer the file, or its beginning with the whole table
 */
export function readSections(buffer: ArrayBuffer, refuse: Refuse, fileBytes = buffer.byteLength): SectionTable {
  const view = new DataView(buffer);
  const count = view.getUint32(12, true);
  const table: SectionTable = {};
  for (let index = 0; index < count; index++) {
    const at = HEADER_BYTES + index * ENTRY_BYTES;
    const id = view.getUint32(at, true);
    const elementBytes = view.getUint32(at + 4, true);
    const offset = uint64(view, at + 8);
    const elements = uint64(view, at + 16);
    if (offset % 8 !== 0) throw refuse('heap-file-damaged', `section ${id} begins at ${offset}, no multiple of 8`);
    if (offset < HEADER_BYTES + count * ENTRY_BYTES)
      throw refuse('heap-file-damaged', `section ${id} overlaps the header`);
    // A product of two numbers from the file: beyond 2^53 it is inexact, and still far larger than any file.
    if (offset + elements * elementBytes > fileBytes)
      throw refuse('heap-file-damaged', `section ${id} leaves the file`);
    const name = SECTION_NAMES.find((known) => SECTIONS[known].id === id);
    if (name === undefined) continue;
    if (elementBytes !== SECTIONS[name].elementBytes)
      throw refuse('heap-file-damaged', `section "${name}" has elements of ${elementBytes} bytes`);
    if (table[name]) throw refuse('heap-file-damaged', `section "${name}" is there twice`);
    table[name] = { offset, count: elements };
  }
  return table;
}

/** A number that a double cannot hold exactly becomes a larger one, which every check of a size refuses. */
function uint64(view: DataView, offset: number): number {
  return view.getUint32(offset + 4, true) * 2 ** 32 + view.getUint32(offset, true);
}
