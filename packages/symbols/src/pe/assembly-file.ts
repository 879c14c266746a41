import { type FileHandle, open } from 'node:fs/promises';
import { ByteCursor, MalformedSymbols } from '../metadata/byte-cursor.ts';
import { readSlice } from './file-slice.ts';
import { type Headers, readHeaders } from './headers.ts';

const CLI_HEADER_INDEX = 14;
const CLI_HEADER_BYTES = 16;

/** Reads from a file that may be an assembly: null when it is none, contradicts itself, or cannot be read. */
export async function readAssemblyFile<T>(
  path: string,
  read: (file: FileHandle, headers: Headers) => Promise<T | null>,
): Promise<T | null> {
  let file: FileHandle;
  try {
    file = await open(path);
  } catch {
    return null;
  }
  try {
    return await read(file, await readHeaders(file));
  } catch (error) {
    if (error instanceof MalformedSymbols || (error instanceof Error && 'syscall' in error)) return null;
    throw error;
  } finally {
    await file.close();
  }
}

/** Where in the file the metadata lies, through the CLI header (ECMA-335 II.25.3.3). @throws MalformedSymbols */
export async function metadataRange(
  file: FileHandle,
  { directory, offsetOf }: Headers,
): Promise<{ readonly offset: number; readonly size: number }> {
  const header = new ByteCursor(await readSlice(file, offsetOf(directory(CLI_HEADER_INDEX).rva), CLI_HEADER_BYTES));
  header.skip(8);
  return { offset: offsetOf(header.u32()), size: header.u32() };
}
