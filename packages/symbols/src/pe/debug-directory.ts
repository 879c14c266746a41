import type { FileHandle } from 'node:fs/promises';
import { ByteCursor } from '../metadata/byte-cursor.ts';
import { readSlice } from './file-slice.ts';
import { readHeaders } from './headers.ts';

const DEBUG_ENTRY_BYTES = 28;
const MAXIMUM_DEBUG_ENTRIES = 64;
const MAXIMUM_CODEVIEW_BYTES = 64 * 1024;
const TYPE_CODEVIEW = 2;
const TYPE_EMBEDDED_PORTABLE_PDB = 17;
const PORTABLE_CODEVIEW_MINOR = 0x504d;
const DEBUG_DIRECTORY_INDEX = 6;
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
  const { directory, offsetOf } = await readHeaders(file);
  const { rva, size } = directory(DEBUG_DIRECTORY_INDEX);
  if (rva === 0 || size === 0) return [];
  const count = Math.min(Math.floor(size / DEBUG_ENTRY_BYTES), MAXIMUM_DEBUG_ENTRIES);
  const offset = offsetOf(rva);
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
