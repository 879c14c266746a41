import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { isRunning } from './session-json.ts';

/** Where a session keeps everything. */
export interface SessionFolder {
  readonly id: string;
  /** Absolute. */
  readonly path: string;
}

const DEFAULT_PARENT = '.firstchance';
const LATEST = 'latest';
/** Only names that we made ourselves are ever removed. */
const OWN_NAME = /^\d{8}-\d{6}-[0-9a-f]{6}$/;

/**
 * Makes the session's folder, mode 0700: the given one, or a new one under .firstchance with `latest` pointing at it.
 * @throws the system's error when it cannot be made or written
 */
export function makeSessionFolder(workingFolder: string, given?: string, now = new Date()): SessionFolder {
  const id = sessionId(now);
  if (given !== undefined) {
    const path = resolve(workingFolder, given);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    probe(path);
    return { id, path };
  }
  const parent = join(workingFolder, DEFAULT_PARENT);
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  const path = join(parent, id);
  mkdirSync(path, { mode: 0o700 });
  chmodSync(path, 0o700);
  pointLatest(parent, id);
  return { id, path };
}

/** Removes the oldest sessions beside this one, so that at most `keep` stay; 0 keeps all. Returns the names removed. */
export function retainSessions(folder: string, keep: number): string[] {
  if (keep <= 0 || basename(dirname(folder)) !== DEFAULT_PARENT) return [];
  return removeSessions(dirname(folder), keep);
}

/** Removes all but the newest `keep` sessions of a folder. Those that still run are left alone, and names that are not ours. */
export function removeSessions(parent: string, keep: number): string[] {
  const names = readdirSync(parent).filter(
    (name) => OWN_NAME.test(name) && lstatSync(join(parent, name)).isDirectory(),
  );
  const old = names.sort().slice(0, Math.max(0, names.length - keep));
  const removable = old.filter((name) => !isRunning(join(parent, name)));
  for (const name of removable) rmSync(join(parent, name), { recursive: true, force: true });
  return removable;
}

/** "20261124-135400-1a2b3c": sorts by time, two runs in one second differ. */
function sessionId(now: Date): string {
  const [date = '', time = ''] = now.toISOString().slice(0, 19).split('T');
  return `${date.replaceAll('-', '')}-${time.replaceAll(':', '')}-${randomBytes(3).toString('hex')}`;
}

/** A folder that is there already may still not be ours to write: find out now, not at the first capture. */
function probe(path: string): void {
  const file = join(path, `.probe-${process.pid}`);
  writeFileSync(file, '', { mode: 0o600 });
  rmSync(file, { force: true });
}

/** Replaces the link in one step: two runs may do this at the same moment. */
function pointLatest(parent: string, id: string): void {
  const link = join(parent, LATEST);
  try {
    if (readlinkSync(link) === id) return;
  } catch {
    // There is none yet, or something else has this name; rename answers that.
  }
  const fresh = join(parent, `.${LATEST}-${id}`);
  symlinkSync(id, fresh);
  try {
    renameSync(fresh, link);
  } catch {
    rmSync(fresh, { force: true });
  }
}
