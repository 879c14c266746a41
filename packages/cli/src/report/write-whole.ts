import { randomBytes } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';

/**
 * Writes a file, mode 0600, whole or not at all. Two sessions may end in one folder at the same moment: readers see one file or the other, never a mixture.
 * @throws the system's error
 */
export function writeWhole(path: string, text: string): void {
  const fresh = `${path}.${process.pid}-${randomBytes(3).toString('hex')}.part`;
  try {
    writeFileSync(fresh, text, { mode: 0o600, flag: 'wx' });
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}
