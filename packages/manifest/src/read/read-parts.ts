import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MANIFEST_FILE } from '../append/manifest-writer.ts';
import { systemError } from '../system-error.ts';
import { readLines } from './lines.ts';
import { Manifest } from './load-manifest.ts';
import { readManifest } from './read-manifest.ts';

/**
 * Reads a manifest in parts, one at a time in memory. A part is a run of lines whose sessions stand nowhere else in the file, so
 * that the last record about a thing is in the same part as the first: of a merged folder each session by itself, of
 * sessions that wrote at the same time all of them. What is appended meanwhile is not read.
 * @param path a session folder or its manifest.jsonl
 * @returns at least one part, in the order of the file
 * @throws FirstchanceError when it cannot be read at all
 */
export async function* readParts(path: string): AsyncGenerator<Manifest> {
  const { lastLines, lines } = await survey(path);
  /** Sessions of which lines are still to come. */
  const open = new Set<string>();
  let begun = false;
  let part = new Manifest();
  for await (const line of readManifest(path)) {
    if (line.line > lines) break;
    const session = line.kind === 'damaged' ? undefined : line.record.session;
    // What is no record stays with what stood before it.
    if (typeof session === 'string' && begun && open.size === 0) {
      yield part;
      part = new Manifest();
    }
    part.add(line);
    if (typeof session !== 'string') continue;
    begun = true;
    if (lastLines.get(session) === line.line) open.delete(session);
    else open.add(session);
  }
  yield part;
}

/** The number of the last line of each session, and of the file. */
async function survey(path: string): Promise<{ lastLines: ReadonlyMap<string, number>; lines: number }> {
  const lastLines = new Map<string, number>();
  let lines = 0;
  try {
    const file = (await stat(path)).isDirectory() ? join(path, MANIFEST_FILE) : path;
    for await (const { number, text } of readLines(file)) {
      lines = number;
      const session = text === undefined ? undefined : sessionOf(text);
      if (session !== undefined) lastLines.set(session, number);
    }
  } catch (error) {
    throw systemError(`Reading the manifest ${path}`, 'reading', error);
  }
  return { lastLines, lines };
}

function sessionOf(text: string): string | undefined {
  try {
    const { session } = JSON.parse(text) as { session?: unknown };
    return typeof session === 'string' ? session : undefined;
  } catch {
    return undefined; // no JSON, or null: whoever reads the line says so
  }
}
