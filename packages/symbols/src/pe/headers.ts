import type { FileHandle } from 'node:fs/promises';
import { ByteCursor, MalformedSymbols } from '../metadata/byte-cursor.ts';
import { readSlice } from './file-slice.ts';

const DOS_HEADER_BYTES = 64;
const COFF_BYTES = 24;
const SECTION_BYTES = 40;
const MAXIMUM_DIRECTORIES = 16;

export interface Headers {
  /** A data directory by its index; zeros when there is none. */
  directory(index: number): { readonly rva: number; readonly size: number };
  /** Where in the file something lies. @throws MalformedSymbols when it lies in no section */
  offsetOf(rva: number): number;
}

/** PE/COFF: DOS header, signature and COFF header, optional header, section table. @throws MalformedSymbols */
export async function readHeaders(file: FileHandle): Promise<Headers> {
  const dos = new ByteCursor(await readSlice(file, 0, DOS_HEADER_BYTES));
  if (dos.u16() !== 0x5a4d) throw new MalformedSymbols('not a PE image: MZ is missing');
  dos.skip(0x3c - 2);
  const peOffset = dos.u32();
  const coff = new ByteCursor(await readSlice(file, peOffset, COFF_BYTES));
  if (coff.u32() !== 0x4550) throw new MalformedSymbols('not a PE image: its signature is missing');
  coff.skip(2);
  const sectionCount = coff.u16();
  coff.skip(12);
  const optionalBytes = coff.u16();
  const optionalOffset = peOffset + COFF_BYTES;
  const optional = new ByteCursor(await readSlice(file, optionalOffset, optionalBytes));
  const magic = optional.u16();
  // PE32 and PE32+ differ in the width of five fields before the directories.
  optional.skip((magic === 0x20b ? 108 : 92) - 2);
  const directoryCount = Math.min(optional.u32(), MAXIMUM_DIRECTORIES);
  const directories = Array.from({ length: directoryCount }, () => ({ rva: optional.u32(), size: optional.u32() }));
  const table = new ByteCursor(await readSlice(file, optionalOffset + optionalBytes, sectionCount * SECTION_BYTES));
  const sections = Array.from({ length: sectionCount }, () => {
    table.skip(8);
    const virtualSize = table.u32();
    const rva = table.u32();
    const rawSize = table.u32();
    const offset = table.u32();
    table.skip(16);
    return { rva, size: Math.max(virtualSize, rawSize), offset };
  });
  return {
    directory: (index) => directories[index] ?? { rva: 0, size: 0 },
    offsetOf: (rva) => {
      const section = sections.find((one) => rva >= one.rva && rva < one.rva + one.size);
      if (!section) throw new MalformedSymbols(`address 0x${rva.toString(16)} lies in no section`);
      return section.offset + (rva - section.rva);
    },
  };
}
