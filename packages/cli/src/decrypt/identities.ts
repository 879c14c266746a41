import { readFileSync } from 'node:fs';
import { errorCode, UsageError } from '@firstchance/model';
import { Decrypter } from 'age-encryption';

/**
 * Reads private keys as age-keygen writes them: one per line, comments begin with #. A message never shows a line of the file.
 * @param shown the file as the person named it
 * @throws UsageError
 */
export function readIdentities(path: string, shown: string): Decrypter {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const code = errorCode(error) ?? 'unknown';
    throw new UsageError(`the private key ${shown} cannot be read (${code})`, { cause: error });
  }
  const decrypter = new Decrypter();
  let keys = 0;
  for (const [index, line] of text.split('\n').entries()) {
    const key = line.trim();
    if (key === '' || key.startsWith('#')) continue;
    try {
      decrypter.addIdentity(key);
      keys += 1;
    } catch {
      throw new UsageError(`${shown}, line ${index + 1}: this is no private key of age (AGE-SECRET-KEY-1...)`);
    }
  }
  if (keys === 0) throw new UsageError(`${shown} holds no private key (AGE-SECRET-KEY-1...)`);
  return decrypter;
}
