import { stat } from 'node:fs/promises';
import type { CaptureDetail, GrowthCheck } from '@firstchance/model';
import { systemError } from '../system-error.ts';
import type { DocumentReading } from './document.ts';
import { SessionDocuments } from './documents.ts';
import type { Manifest } from './load-manifest.ts';
import { readParts } from './read-parts.ts';

/** One part of a session folder, with the files its manifest names; they are read when they are asked for. */
export interface SessionPart {
  readonly manifest: Manifest;
  /** capture.json by capture id; null when it is missing, damaged or not understood. */
  readonly detail: (id: string) => CaptureDetail | null;
  /** A growth check by the path in its record. */
  readonly check: (path: string) => GrowthCheck | null;
  /** Looks through the part's files: what could not be read or understood, one sentence each. To be asked once. */
  readonly unreadable: () => string[];
}

const MOST_DAMAGED = 20;
/** All documents of a session are read to say which are damaged; beyond this only whether they are there. */
const LOOKED_THROUGH_BYTES = 64 * 1024 * 1024;

/**
 * Reads a session folder: its manifest in parts (`readParts`), the captures that were kept, the growth checks. What is missing or
 * damaged is told and left out; names in the manifest lead nowhere outside the folder.
 * @param lookedThroughBytes of documents that are read to say which are damaged
 * @throws FirstchanceError when the manifest cannot be read at all
 */
export async function* readSession(
  folder: string,
  lookedThroughBytes = LOOKED_THROUGH_BYTES,
): AsyncGenerator<SessionPart> {
  await stat(folder).catch((error: unknown) => {
    throw systemError(`Reading the session ${folder}`, 'reading', error);
  });
  const documents = new SessionDocuments(folder);
  const left = { damaged: MOST_DAMAGED, bytes: lookedThroughBytes };
  // Made here and not for each part: whoever keeps one of them must not keep the part with it.
  const detail = (id: string) => documentOf(documents.detail(id));
  const check = (path: string) => documentOf(documents.check(path));
  for await (const manifest of readParts(folder))
    yield { manifest, detail, check, unreadable: () => unreadable(manifest, documents, left) };
}

function unreadable(manifest: Manifest, documents: SessionDocuments, left: { damaged: number; bytes: number }) {
  const told = manifest.damaged.slice(0, left.damaged);
  left.damaged -= told.length;
  const sentences = told.map(({ line, problem }) => `line ${line} of the manifest was left out: ${problem}`);
  const look = (kind: 'capture' | 'check', id: string, name: string) => {
    const why = left.bytes > 0 ? read(kind, name) : documents.missing(kind, name);
    if (why !== undefined) sentences.push(`${kind} ${id}: ${why}`);
  };
  const read = (kind: 'capture' | 'check', name: string): string | undefined => {
    const reading = kind === 'capture' ? documents.detail(name) : documents.check(name);
    if (typeof reading === 'string') return reading;
    left.bytes -= reading.bytes;
    return undefined;
  };
  for (const { id } of manifest.keptCaptures()) look('capture', id, id);
  for (const { id, path } of manifest.of('check')) look('check', id, path);
  return sentences;
}

function documentOf<T>(reading: DocumentReading<T>): T | null {
  return typeof reading === 'string' ? null : reading.value;
}
