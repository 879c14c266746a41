import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What of a session is small and tells everything but memory itself; `firstchance merge` reads it like the session folder. */
const SMALL =
  /^(?:manifest\.jsonl|session\.json|report\.html|summary\.md|junit\.xml|captures\/[^/]+\/capture\.json|checks\/[^/]+\.json)$/;

/** Those files of a session folder, relative to it. */
export function reportFiles(folder: string): string[] {
  return ['.', ...subfolders(folder, 'captures'), 'checks']
    .flatMap((name) => names(join(folder, name)).map((file) => (name === '.' ? file : `${name}/${file}`)))
    .filter((path) => SMALL.test(path) && lstatSync(join(folder, path)).isFile());
}

function subfolders(folder: string, name: string): string[] {
  return names(join(folder, name)).map((entry) => `${name}/${entry}`);
}

function names(folder: string): string[] {
  try {
    // A link could lead out of the session.
    return lstatSync(folder).isDirectory() ? readdirSync(folder).sort() : [];
  } catch {
    return [];
  }
}
