import { randomBytes } from 'node:crypto';
import { closeSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/**
 * Writes a file whole or not at all, by a new one beside it that takes its place (rename(2)): two sessions may end in one folder at
 * the same moment, and readers see one file or the other, never a mixture. Where others may write, too, no link of theirs is followed.
 * @param text as one, or in pieces, of which one is in memory at a time
 * @param mode of the file; 0600 when absent
 * @throws the system's error, or that of the pieces; nothing is left then
 */
export function writeWhole(path: string, text: string | Iterable<string>, mode = 0o600): void {
  const fresh = `${path}.${process.pid}-${randomBytes(3).toString('hex')}.part`;
  try {
    const file = openSync(fresh, 'wx', mode);
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
