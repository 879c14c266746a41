import { ByteCursor, MalformedSymbols } from '../metadata/byte-cursor.ts';

const PDB_ID_BYTES = 20;

export interface PdbStream {
  /** 20 bytes as hexadecimal digits; equal to GUID and stamp of the assembly's CodeView entry. */
  readonly id: string;
  /** Rows of the assembly's own tables. */
  readonly typeSystemRows: ReadonlyMap<number, number>;
}

/** The #Pdb stream (PortablePdb-Metadata.md). @throws MalformedSymbols */
export function readPdbStream(stream: Uint8Array | undefined): PdbStream {
  if (!stream) throw new MalformedSymbols('no #Pdb stream');
  const cursor = new ByteCursor(stream);
  const id = Buffer.from(cursor.bytes(PDB_ID_BYTES)).toString('hex');
  cursor.skip(4);
  const referenced = cursor.u64();
  const typeSystemRows = new Map<number, number>();
  for (let table = 0; table < 64; table++) {
    if (((referenced >> BigInt(table)) & 1n) !== 0n) typeSystemRows.set(table, cursor.u32());
  }
  return { id, typeSystemRows };
}
