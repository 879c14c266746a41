import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import { basename, join } from 'node:path';
import { type CaptureDetail, captureDetailSchema, conforms, errorCode } from '@firstchance/model';

/** Much more than the largest process needs; what is larger is damage or an attack on the memory. */
const LARGEST_FILE = 64 * 1024 * 1024;

export type Schema<T> = Parameters<typeof conforms<T>>[0];
/** The document and the bytes of its file, or why there is none in words. */
export type DocumentReading<T> = { readonly value: T; readonly bytes: number } | string;

interface OpenDocument extends Disposable {
  readonly descriptor: number;
  readonly stats: Stats;
}

/** capture.json in a capture's folder; session folders may be anybody's. */
export function readCaptureDetail(folder: string): DocumentReading<CaptureDetail> {
  const path = join(folder, 'capture.json');
  const opened = openDocument(path);
  if (typeof opened === 'string') return opened;
  using file = opened;
  return parseDocument<CaptureDetail>(file, path, captureDetailSchema);
}

/** Why it cannot be opened, in words. A link in somebody else's session must not bring a file of ours into a report. */
export function openDocument(path: string): OpenDocument | string {
  try {
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    return { descriptor, stats: fstatSync(descriptor), [Symbol.dispose]: () => closeSync(descriptor) };
  } catch (error) {
    return whyNot(path, error);
  }
}

export function parseDocument<T>(
  { descriptor, stats }: OpenDocument,
  path: string,
  schema: Schema<T>,
): DocumentReading<T> {
  const name = basename(path);
  const { size } = stats;
  if (size > LARGEST_FILE) return `${name} is larger than any report needs (${size} bytes)`;
  let text: string;
  try {
    text = readFileSync(descriptor, 'utf8');
  } catch (error) {
    return whyNot(path, error);
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return `${name} is cut off or no JSON`;
  }
  const checked = conforms<T>(schema, content);
  return checked.ok ? { value: checked.value, bytes: size } : `${name} is not understood: ${checked.problem}`;
}

function whyNot(path: string, error: unknown): string {
  const code = errorCode(error);
  return code === 'ENOENT'
    ? `there is no ${basename(path)}`
    : `${basename(path)} cannot be read (${code ?? 'unknown'})`;
}
