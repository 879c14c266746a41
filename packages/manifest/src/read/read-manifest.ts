import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { conforms, type ManifestRecord, manifestRecordSchema, RECORD_KINDS, SCHEMA_VERSION } from '@firstchance/model';
import { MANIFEST_FILE } from '../append/manifest-writer.ts';
import { systemError } from '../system-error.ts';
import { readLines } from './lines.ts';

/** One line of a manifest, as far as it is understood. */
export type ManifestLine =
  | { readonly kind: 'record'; readonly line: number; readonly record: ManifestRecord }
  /** Well-formed, but of a kind or shape that this version does not know: kept as it is. */
  | {
      readonly kind: 'unknown';
      readonly line: number;
      readonly record: Readonly<Record<string, unknown>>;
      readonly problem: string;
    }
  /** No record at all. `torn`: the last line, cut off by a kill or still being written. */
  | { readonly kind: 'damaged'; readonly line: number; readonly torn: boolean; readonly problem: string };

/**
 * Reads a manifest line by line, holding one line at a time; whatever a line holds, the ones after it are still read.
 * @param path a session folder or its manifest.jsonl
 * @throws FirstchanceError `no-such-file`, `permission-denied` or `not-readable` when it cannot be read at all
 */
export async function* readManifest(path: string): AsyncGenerator<ManifestLine> {
  try {
    const file = (await stat(path)).isDirectory() ? join(path, MANIFEST_FILE) : path;
    for await (const { number, text, torn } of readLines(file)) {
      if (text === '' || text === '\r') continue;
      yield* understand(number, text, torn);
    }
  } catch (error) {
    throw systemError(`Reading the manifest ${path}`, 'reading', error);
  }
}

function* understand(line: number, text: string | undefined, torn: boolean): Generator<ManifestLine> {
  if (text === undefined) {
    yield { kind: 'damaged', line, torn, problem: 'the line is longer than any record' };
    return;
  }
  const value = parsed(text);
  if (value !== undefined) {
    yield recordOf(line, value, torn);
    return;
  }
  // The kernel ends a write of a killed process between two pages; what another writer appends then stands behind the piece.
  const begin = text.lastIndexOf(BEGIN);
  const behind = begin > 0 ? parsed(text.slice(begin)) : undefined;
  const cutOff = torn && behind === undefined;
  const problem = cutOff ? 'the line is cut off: its writer was killed or is still writing' : 'the line is no JSON';
  yield { kind: 'damaged', line, torn: cutOff, problem };
  if (behind !== undefined) yield recordOf(line, behind, torn);
}

/** How every record begins that ManifestWriter is given. In a string of JSON its quotes would be escaped. */
const BEGIN = '{"record":"';

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function recordOf(line: number, value: unknown, torn: boolean): ManifestLine {
  if (!isObject(value) || typeof value.record !== 'string')
    return { kind: 'damaged', line, torn, problem: 'the line is no record' };
  const checked = conforms<ManifestRecord>(manifestRecordSchema, value);
  if (checked.ok) return { kind: 'record', line, record: checked.value };
  return { kind: 'unknown', line, record: value, problem: whyUnknown(value, checked.problem) };
}

function whyUnknown(value: Record<string, unknown>, problem: string): string {
  if (typeof value.schema === 'number' && value.schema > SCHEMA_VERSION)
    return `it was written by a newer version (schema ${value.schema}, this one knows ${SCHEMA_VERSION})`;
  if (!(RECORD_KINDS as readonly unknown[]).includes(value.record))
    return `records of kind ${JSON.stringify(String(value.record).slice(0, 40))} are not known to this version`;
  return problem;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
