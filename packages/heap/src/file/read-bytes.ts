import { type FileHandle, open } from 'node:fs/promises';
import { errorText } from '@firstchance/model';
import { HeapFileError } from '../errors.ts';

/** One read of Node takes at most 2^31 - 1 bytes; parts this long also keep several threads busy. */
const PART = 64 * 2 ** 20;
const AT_ONCE = 4;

/** Opens a regular file for reading and tells its size. @throws HeapFileError */
export async function openRegular(path: string): Promise<{ handle: FileHandle; size: number }> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (cause) {
    throw unreadable(path, errorText(cause), cause);
  }
  try {
    const facts = await handle.stat();
    if (!facts.isFile()) throw unreadable(path, 'it is no regular file');
    return { handle, size: facts.size };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The first `length` bytes of a file in one ArrayBuffer. `length` must have been checked against the file's size. */
export async function readWhole(handle: FileHandle, path: string, length: number): Promise<ArrayBuffer> {
  const buffer = allocate(path, length);
  let next = 0;
  const worker = async () => {
    while (next < length) {
      const start = next;
      next += PART;
      await fill(handle, path, new Uint8Array(buffer, start, Math.min(PART, length - start)), start);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return buffer;
}

/** `length` bytes from `offset` on; both must have been checked against the file's size. */
export async function readPart(handle: FileHandle, path: string, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(allocate(path, length));
  await fill(handle, path, bytes, offset);
  return bytes;
}

function allocate(path: string, length: number): ArrayBuffer {
  try {
    return new ArrayBuffer(length);
  } catch (cause) {
    throw new HeapFileError(
      {
        code: 'heap-file-too-large',
        what: `Reading ${path}`,
        why: `its ${length} bytes do not fit into this process`,
        cure: 'Read it on a machine with more memory.',
      },
      { cause },
    );
  }
}

async function fill(handle: FileHandle, path: string, into: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < into.length) {
    let bytesRead: number;
    try {
      ({ bytesRead } = await handle.read(into, done, into.length - done, position + done));
    } catch (cause) {
      throw unreadable(path, errorText(cause), cause);
    }
    if (bytesRead === 0) throw unreadable(path, 'it became shorter while it was read');
    done += bytesRead;
  }
}

function unreadable(path: string, why: string, cause?: unknown): HeapFileError {
  return new HeapFileError({ code: 'heap-file-unreadable', what: `Reading ${path}`, why }, { cause });
}
