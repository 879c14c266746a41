import type { FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import { ByteCursor, MalformedSymbols } from '../metadata/byte-cursor.ts';
import { readSlice } from '../pe/file-slice.ts';
import { MAXIMUM_PDB_BYTES } from './limits.ts';

const SIGNATURE = 0x4244_504d; // "MPDB"

/** A PDB inside its module: signature, size, deflate data (PE-COFF.md, type 17). @throws MalformedSymbols */
export async function readEmbeddedPdb(file: FileHandle, place: { offset: number; size: number }): Promise<Uint8Array> {
  if (place.size > MAXIMUM_PDB_BYTES) throw new MalformedSymbols(`an embedded PDB of ${place.size} bytes`);
  const cursor = new ByteCursor(await readSlice(file, place.offset, place.size));
  if (cursor.u32() !== SIGNATURE) throw new MalformedSymbols('an embedded PDB without MPDB');
  const size = cursor.u32();
  if (size === 0 || size > MAXIMUM_PDB_BYTES) throw new MalformedSymbols(`an embedded PDB of ${size} bytes`);
  try {
    const image = await promisify(inflateRaw)(cursor.bytes(cursor.remaining), { maxOutputLength: size });
    if (image.length !== size) throw new MalformedSymbols(`${image.length} bytes instead of ${size}`);
    return image;
  } catch (cause) {
    throw cause instanceof MalformedSymbols
      ? cause
      : new MalformedSymbols('the embedded PDB cannot be decompressed', { cause });
  }
}
