import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * When the newest of these files, and of what is in these folders, was changed, in ms; 0 where there is none of them.
 * @param counts whether a name below a folder does
 */
export async function newest(places, counts = () => true) {
  let latest = 0;
  for (const place of places) {
    const top = existsSync(place) ? await stat(place) : undefined;
    if (top?.isDirectory()) {
      for (const name of (await readdir(place, { recursive: true })).filter(counts)) {
        latest = Math.max(latest, (await stat(path.join(place, name))).mtimeMs);
      }
    } else {
      latest = Math.max(latest, top?.mtimeMs ?? 0);
    }
  }
  return latest;
}
