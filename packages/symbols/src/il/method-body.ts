import { readStreams } from '../metadata/streams.ts';
import { TYPE_TABLE, TypeSystem } from '../metadata/type-system.ts';
import { metadataRange, readAssemblyFile } from '../pe/assembly-file.ts';
import { readSlice } from '../pe/file-slice.ts';
import { codeRange, FAT_HEADER_BYTES } from './instructions.ts';

/** Assemblies of programs are smaller; what is read of generated ones could take seconds. */
const MAXIMUM_FILE_BYTES = 64 * 1024 * 1024;

/** The IL of a method of an assembly; null when the file is none, or cannot be read, or the method has no body. */
export async function readMethodCode(modulePath: string, methodRow: number): Promise<Uint8Array | null> {
  return await readAssemblyFile(modulePath, async (file, headers) => {
    const { size } = await file.stat();
    if (size > MAXIMUM_FILE_BYTES) return null;
    const metadata = await metadataRange(file, headers);
    const streams = readStreams(await readSlice(file, metadata.offset, metadata.size));
    const tables = new TypeSystem(streams.get('#~') ?? new Uint8Array(0));
    if (methodRow > tables.rows(TYPE_TABLE.methodDef)) return null;
    const [rva = 0] = tables.row(TYPE_TABLE.methodDef, methodRow);
    if (rva === 0) return null;
    const body = headers.offsetOf(rva);
    const header = await readSlice(file, body, Math.max(0, Math.min(FAT_HEADER_BYTES, size - body)));
    const code = codeRange(header, 0);
    return await readSlice(file, body + code.offset, code.size);
  });
}
