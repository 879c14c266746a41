import { type FileHandle, open } from 'node:fs/promises';
import { ByteCursor, MalformedSymbols } from '../metadata/byte-cursor.ts';
import { readStreams } from '../metadata/streams.ts';
import { TYPE_TABLE, TypeSystem } from '../metadata/type-system.ts';
import { readSlice } from '../pe/file-slice.ts';
import { readHeaders } from '../pe/headers.ts';
import { methodCode } from './instructions.ts';

const CLI_HEADER_INDEX = 14;
const CLI_HEADER_BYTES = 16;
/** Assemblies of programs are smaller; what is read of generated ones could take seconds. */
const MAXIMUM_FILE_BYTES = 64 * 1024 * 1024;

/** The IL of a method of an assembly; null when the file is none, or cannot be read, or the method has no body. */
export async function readMethodCode(modulePath: string, methodRow: number): Promise<Uint8Array | null> {
  let file: FileHandle;
  try {
    file = await open(modulePath);
  } catch {
    return null;
  }
  try {
    const { size } = await file.stat();
    if (size > MAXIMUM_FILE_BYTES) return null;
    const { directory, offsetOf } = await readHeaders(file);
    const header = new ByteCursor(await readSlice(file, offsetOf(directory(CLI_HEADER_INDEX).rva), CLI_HEADER_BYTES));
    header.skip(8);
    const metadata = await readSlice(file, offsetOf(header.u32()), header.u32());
    const tables = new TypeSystem(readStreams(metadata).get('#~') ?? new Uint8Array(0));
    if (methodRow > tables.rows(TYPE_TABLE.methodDef)) return null;
    const [rva = 0] = tables.row(TYPE_TABLE.methodDef, methodRow);
    if (rva === 0) return null;
    const body = offsetOf(rva);
    return methodCode(await readSlice(file, body, size - body), 0);
  } catch (error) {
    if (error instanceof MalformedSymbols || (error instanceof Error && 'syscall' in error)) return null;
    throw error;
  } finally {
    await file.close();
  }
}
