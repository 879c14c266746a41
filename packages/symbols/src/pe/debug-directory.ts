import type { FileHandle } from 'node:fs/promises';
import { ByteCursor, MalformedSymbols } from '../metadata/byte-cursor.ts';
import { readSlice } from './file-slice.ts';

const DEBUG_ENTRY_BYTES = 28;
const MAXIMUM_DEBUG_ENTRIES = 64;
const MAXIMUM_CODEVIEW_BYTES = 64 * 1024;
const TYPE_CODEVIEW = 2;
const TYPE_EMBEDDED_PORTABLE_PDB = 17;
const PORTABLE_CODEVIEW_MINOR = 0x504d;
const RSDS = 0x5344_5352;

/** What a module says about its symbols (dotnet/runtime docs/design/specs/PE-COFF.md). */
export interface DebugDirectory {
  /** Id a portable PDB must have: GUID and stamp, 20 bytes as hexadecimal digits. */
  readonly pdbId: string | null;
  /** Path of the PDB where it was compiled. */
  readonly pdbPath: string | null;
  /** Where the embedded PDB lies in the file. */
  readonly embedded: { readonly offset: number; readonly size: number } | null;
}

/** @throws MalformedSymbols when the file is not a PE image */
export async function readDebugDirectory(file: FileHandle): Promise<DebugDirectory> {
  let pdbId: string | null = null;
  let pdbPath: string | null = null;
  let embedded: DebugDirectory['embedded'] = null;
  for (const entry of await readEntries(file)) {
    if (entry.type === TYPE_EMBEDDED_PORTABLE_PDB) embedded = { offset: entry.offset, size: entry.size };
    // A module compiled ahead of time has a second CodeView entry for its native code: only the portable one counts.
    if (entry.type !== TYPE_CODEVIEW || entry.minor !== PORTABLE_CODEVIEW_MINOR) continue;
    const size = Math.min(entry.size, MAXIMUM_CODEVIEW_BYTES);
    const cursor = new ByteCursor(await readSlice(file, entry.offset, size));
    if (cursor.u32() !== RSDS) continue;
    const stamp = Buffer.alloc(4);
    stamp.writeUInt32LE(entry.stamp);
    pdbId = Buffer.concat([cursor.bytes(16), stamp]).toString('hex');
    cursor.skip(4);
    pdbPath = cursor.terminated(cursor.remaining);
  }
  return { pdbId, pdbPath, embedded };
}

interface DebugEntry {
  readonly type: number;
  readonly stamp: number;
  readonly minor: number;
  readonly offset: number;
  readonly size: number;
}

async function readEntries(file: FileHandle): Promise<DebugEntry[]> {
  const { debugRva, debugSize, sections } = await readHeaders(file);
  if (debugRva === 0 || debugSize === 0) return [];
  const count = Math.min(Math.floor(debugSize / DEBUG_ENTRY_BYTES), MAXIMUM_DEBUG_ENTRIES);
  const section = sections.find(({ rva, size }) => debugRva >= rva && debugRva < rva + size);
  if (!section) throw new MalformedSymbols('the debug directory lies in no section');
  const offset = section.offset + (debugRva - section.rva);
  const cursor = new ByteCursor(await readSlice(file, offset, count * DEBUG_ENTRY_BYTES));
  return Array.from({ length: count }, () => {
    cursor.skip(4);
    const stamp = cursor.u32();
    cursor.skip(2);
    const minor = cursor.u16();
    const type = cursor.u32();
    const size = cursor.u32();
    cursor.skip(4);
    return { type, stamp, minor, size, offset: cursor.u32() };
  });
}

interface Section {
  readonly rva: number;
  readonly size: number;
  readonly offset: number;
}

const DOS_HEADER_BYTES = 64;
const COFF_BYTES = 24;
const SECTION_BYTES = 40;
const DEBUG_DIRECTORY_INDEX = 6;

/** PE/COFF: DOS header, signature and COFF header, optional header, section table. */
async function readHeaders(file: FileHandle): Promise<{ debugRva: number; debugSize: number; sections: Section[] }> {
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
  const directoryCount = optional.u32();
  let debugRva = 0;
  let debugSize = 0;
  if (directoryCount > DEBUG_DIRECTORY_INDEX) {
    optional.skip(DEBUG_DIRECTORY_INDEX * 8);
    debugRva = optional.u32();
    debugSize = optional.u32();
  }
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
  return { debugRva, debugSize, sections };
}
