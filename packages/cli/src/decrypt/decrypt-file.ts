import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { errorText, FirstchanceError } from '@firstchance/model';
import type { Decrypter } from 'age-encryption';

/**
 * Decrypts one age file (https://age-encryption.org/v1) as a stream: memory does not grow with the file. The output is 0600 and
 * there whole or not at all.
 * @throws FirstchanceError `not-decrypted`: another key, not an age file, cut off or altered; the system's error otherwise
 */
export async function decryptFile(input: string, output: string, decrypter: Decrypter): Promise<void> {
  const source = createReadStream(input, { highWaterMark: 256 * 1024 });
  const plain = await decrypter
    .decrypt(Readable.toWeb(source) as unknown as ReadableStream<Uint8Array>)
    .catch((error: unknown) => {
      source.destroy();
      throw failure(input, error);
    });
  // wx: whoever put a file or link there meanwhile keeps it.
  const target = createWriteStream(output, { mode: 0o600, flags: 'wx' });
  try {
    await pipeline(Readable.fromWeb(plain as never), target);
  } catch (error) {
    if (isSystemError(error) && error.code === 'EEXIST') throw error;
    await rm(output, { force: true });
    throw failure(input, error);
  }
}

function failure(input: string, error: unknown): unknown {
  if (isSystemError(error)) return error;
  const why = errorText(error);
  return new FirstchanceError(
    {
      ...{ code: 'not-decrypted', what: `Decrypting ${input}`, why },
      cure: 'Is it whole, and is this the private key that belongs to the public key of the encryption?',
    },
    { cause: error },
  );
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === 'string';
}
