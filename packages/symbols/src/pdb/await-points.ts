import { ByteCursor } from '../metadata/byte-cursor.ts';

/** {54FD2AC5-E925-401A-9C2A-F94F171072F8} in the order of its bytes. */
export const ASYNC_STEPPING_KIND = 'c52afd5425e91a409c2af94f171072f8';

/**
 * Where an async method leaves at its awaits: IL offsets behind the instructions that note which await it is
 * (PortablePdb-Metadata.md, "Async Method Stepping Information").
 * @throws MalformedSymbols
 */
export function readYieldOffsets(blob: Uint8Array): number[] {
  const cursor = new ByteCursor(blob);
  cursor.skip(4); // catch handler
  const offsets: number[] = [];
  while (cursor.remaining > 0) {
    offsets.push(cursor.u32());
    cursor.skip(4); // where it goes on
    cursor.compressed(); // in which method
  }
  return offsets;
}
