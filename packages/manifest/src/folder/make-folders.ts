import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode } from '@firstchance/model';

/**
 * Makes a folder, mode 0700, and those above it that are missing: mkdir(2) one by one, since Node's own `recursive` never ends
 * below a folder in which nothing can be made (/proc answers that the parent is not there).
 * @param path absolute
 * @returns whether it was made, and was not there
 * @throws the system's error, as mkdir does
 */
export function makeFolders(path: string): boolean {
  try {
    mkdirSync(path, { mode: 0o700 });
    return true;
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST' && statSync(path).isDirectory()) return false;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    makeFolders(dirname(path));
    // Where nothing can be made it says so once more, and that is the answer.
    mkdirSync(path, { mode: 0o700 });
    return true;
  }
}
