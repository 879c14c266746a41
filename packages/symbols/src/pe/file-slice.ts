import type { FileHandle } from 'node:fs/promises';
import { MalformedSymbols } from '../metadata/byte-cursor.ts';

/** Exactly `length` bytes at `offset`: a module of 100 MB is not read for its headers. @throws MalformedSymbols */
export async function readSlice(file: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const { size } = await file.stat();
  if (offset + length > size) throw new MalformedSymbols(`${length} bytes at ${offset} lie outside a file of ${size}`);
  const bytes = Buffer.alloc(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await file.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) throw new MalformedSymbols(`the file ends at ${offset + done}`);
    done += bytesRead;
  }
  return bytes;
}
