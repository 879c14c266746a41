import { createReadStream } from 'node:fs';
import { PatternSearch } from './pattern-search.ts';
import type { SecretPattern } from './patterns.ts';
import { zstdContent } from './zstd-frames.ts';

/** A file that holds the values of variables that must not get out. */
export interface SecretHit {
  readonly path: string;
  readonly variables: readonly string[];
}

/**
 * Searches files, compressed dumps as they are unpacked, in bounded memory. No value is in the result.
 * @throws the system's error, FirstchanceError `corrupt-dump`: what cannot be searched must not be uploaded
 */
export async function searchFiles(paths: readonly string[], patterns: readonly SecretPattern[]): Promise<SecretHit[]> {
  const hits: SecretHit[] = [];
  if (patterns.length === 0) return hits;
  for (const path of paths) {
    const search = new PatternSearch(patterns);
    const content: AsyncIterable<Buffer> = path.endsWith('.zst')
      ? zstdContent(path)
      : createReadStream(path, { highWaterMark: 1024 * 1024 });
    for await (const chunk of content) search.add(chunk);
    if (search.found.length > 0) hits.push({ path, variables: search.found });
  }
  return hits;
}
