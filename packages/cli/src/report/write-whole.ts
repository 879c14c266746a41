import { randomBytes } from 'node:crypto';
import { closeSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/**
 * Writes a file, mode 0600, whole or not at all. Two sessions may end in one folder at the same moment: readers see one file or the other, never a mixture.
 * @param text as one, or in pieces, of which one is in memory at a time
 * @throws the system's error, or that of the pieces
 */
export function writeWhole(path: string, text: string | Iterable<string>): void {
  const fresh = `${path}.${process.pid}-${randomBytes(3).toString('hex')}.part`;
  try {
    const file = openSync(fresh, 'wx', 0o600);
    try {
      for (const piece of typeof text === 'string' ? [text] : text) writeFileSync(file, piece);
    } finally {
      closeSync(file);
    }
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}
