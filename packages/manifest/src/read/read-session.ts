import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  type CaptureDetail,
  captureDetailSchema,
  conforms,
  type GrowthCheck,
  growthCheckSchema,
} from '@firstchance/model';
import { isPlainName } from '../files/plain-name.ts';
import { systemError } from '../system-error.ts';
import { loadManifest, type Manifest } from './load-manifest.ts';

/** A session folder with the files its manifest names. */
export interface SessionReading {
  readonly manifest: Manifest;
  /** capture.json by capture id. */
  readonly details: ReadonlyMap<string, CaptureDetail>;
  /** Growth checks by the path in their record. */
  readonly checks: ReadonlyMap<string, GrowthCheck>;
  /** What could not be read or understood, one sentence each. */
  readonly unreadable: readonly string[];
}

/** Much more than the largest process needs; what is larger is damage or an attack on the memory. */
const LARGEST_FILE = 64 * 1024 * 1024;

/**
 * Reads a session folder: its manifest, the captures that were kept, the growth checks. What is missing or damaged is told
 * and left out; names in the manifest lead nowhere outside the folder.
 * @throws FirstchanceError when the manifest cannot be read at all
 */
export async function readSession(folder: string): Promise<SessionReading> {
  await stat(folder).catch((error: unknown) => {
    throw systemError(`Reading the session ${folder}`, 'reading', error);
  });
  const manifest = await loadManifest(folder);
  const unreadable = manifest.damaged
    .slice(0, 20)
    .map(({ line, problem }) => `line ${line} of the manifest was left out: ${problem}`);
  const details = new Map<string, CaptureDetail>();
  for (const { id } of manifest.keptCaptures()) {
    const read = isPlainName(id)
      ? await readJson<CaptureDetail>(join(folder, 'captures', id, 'capture.json'), captureDetailSchema)
      : 'its id is no name of a folder';
    if (typeof read === 'string') unreadable.push(`capture ${id}: ${read}`);
    else details.set(id, read.value);
  }
  const checks = new Map<string, GrowthCheck>();
  for (const { id, path } of manifest.of('check')) {
    const name = basename(path);
    const read =
      path === `checks/${name}` && isPlainName(name)
        ? await readJson<GrowthCheck>(join(folder, path), growthCheckSchema)
        : 'its path leads out of checks/';
    if (typeof read === 'string') unreadable.push(`check ${id}: ${read}`);
    else checks.set(path, read.value);
  }
  return { manifest, details, checks, unreadable };
}

/** The document, or why there is none in words. */
async function readJson<T>(path: string, schema: Parameters<typeof conforms<T>>[0]): Promise<{ value: T } | string> {
  let text: string;
  try {
    // A link in somebody else's session must not bring a file of ours into a report.
    await using file = await openFile(path);
    const { size } = await file.handle.stat();
    if (size > LARGEST_FILE) return `${basename(path)} is larger than any report needs (${size} bytes)`;
    text = await file.handle.readFile('utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return code === 'ENOENT'
      ? `there is no ${basename(path)}`
      : `${basename(path)} cannot be read (${code ?? 'unknown'})`;
  }
  try {
    const checked = conforms<T>(schema, JSON.parse(text));
    return checked.ok ? checked : `${basename(path)} is not understood: ${checked.problem}`;
  } catch {
    return `${basename(path)} is cut off or no JSON`;
  }
}

async function openFile(path: string): Promise<{ handle: FileHandle } & AsyncDisposable> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  return { handle, [Symbol.asyncDispose]: () => handle.close() };
}
