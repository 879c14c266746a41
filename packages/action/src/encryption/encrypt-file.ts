import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { UsageError } from '@firstchance/model';
import { Encrypter } from 'age-encryption';

/** @param keys public keys, age1… @throws UsageError for what is no public key; it is not repeated, it might be a private one */
export function makeEncrypter(keys: readonly string[]): Encrypter {
  const encrypter = new Encrypter();
  for (const [index, key] of keys.entries()) {
    try {
      encrypter.addRecipient(key);
    } catch {
      const secret = /^AGE-SECRET-KEY-/i.test(key);
      throw new UsageError(
        `encryption-key: ${index === 0 ? 'it' : `line ${index + 1}`} is ${secret ? 'a private key: give the public one, age1…, and replace this one' : 'no public key of age (age1…)'}`,
      );
    }
  }
  return encrypter;
}

/** Encrypts a file as a stream into another one, mode 0600. @throws the system's error; nothing of the output stays then */
export async function encryptFile(input: string, output: string, encrypter: Encrypter): Promise<void> {
  const source = Readable.toWeb(createReadStream(input, { highWaterMark: 256 * 1024 }));
  const sealed = await encrypter.encrypt(source as unknown as ReadableStream<Uint8Array>);
  try {
    await pipeline(Readable.fromWeb(sealed as never), createWriteStream(output, { mode: 0o600, flags: 'wx' }));
  } catch (error) {
    await rm(output, { force: true });
    throw error;
  }
}
