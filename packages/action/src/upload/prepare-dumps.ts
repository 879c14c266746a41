import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { encryptFile, makeEncrypter } from '../encryption/encrypt-file.ts';
import type { DumpFile } from './choose-dumps.ts';

export interface PreparedDumps extends Disposable {
  /** Absolute paths below `root`. */
  readonly files: readonly string[];
  readonly root: string;
}

/**
 * The dumps as they are uploaded: where they lie, or encrypted to the keys in a folder of their own, which is removed when disposed.
 * @throws the system's error, `ENOSPC` among them
 */
export async function prepareDumps(
  dumps: readonly DumpFile[],
  session: string,
  keys: readonly string[],
  folder: string,
): Promise<PreparedDumps> {
  if (keys.length === 0)
    return { files: dumps.map(({ path }) => join(session, path)), root: session, [Symbol.dispose]: () => {} };
  const encrypter = makeEncrypter(keys);
  const files: string[] = [];
  const remove = () => rmSync(folder, { recursive: true, force: true });
  remove();
  try {
    for (const { path } of dumps) {
      const output = join(folder, `${path}.age`);
      mkdirSync(dirname(output), { recursive: true, mode: 0o700 });
      await encryptFile(join(session, path), output, encrypter);
      files.push(output);
    }
  } catch (error) {
    remove();
    throw error;
  }
  return { files, root: folder, [Symbol.dispose]: remove };
}
