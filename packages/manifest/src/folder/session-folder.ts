import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { systemError } from '../system-error.ts';
import { makeFolders } from './make-folders.ts';
import { runningSessions, SessionLock } from './session-lock.ts';

export const SESSIONS_FOLDER = '.firstchance';
/** Link beside the sessions, to the newest. */
export const LATEST = 'latest';

/** Where a session keeps everything, and the mark that it runs. Dispose it when the session is over. */
export interface SessionFolder extends Disposable {
  readonly id: string;
  /** Absolute. */
  readonly path: string;
  /** Ids of other sessions that ran in the same folder (-x) when this one began. */
  readonly sharedWith: readonly string[];
}

/**
 * Makes the session's folder, mode 0700: a new one under .firstchance with `latest` pointing at it, or the given one,
 * which may be there already and hold sessions: it is appended to. Only who names a folder shares one.
 * @throws FirstchanceError `output-not-writable` or `disk-full`
 */
export function makeSessionFolder(workingFolder: string, given?: string, now = new Date()): SessionFolder {
  const id = sessionId(now);
  const path = given === undefined ? join(workingFolder, SESSIONS_FOLDER, id) : resolve(workingFolder, given);
  try {
    return given === undefined ? makeOwn(workingFolder, path, id) : useGiven(path, id);
  } catch (error) {
    throw systemError(`Making the session folder ${path}`, 'writing', error);
  }
}

function makeOwn(workingFolder: string, path: string, id: string): SessionFolder {
  const parent = join(workingFolder, SESSIONS_FOLDER);
  makeIgnored(parent);
  // Not recursive: a folder that is there already is another session's.
  mkdirSync(path, { mode: 0o700 });
  chmodSync(path, 0o700);
  const lock = SessionLock.take(path, id);
  pointLatest(parent, id);
  return { id, path, sharedWith: [], [Symbol.dispose]: () => lock[Symbol.dispose]() };
}

function useGiven(path: string, id: string): SessionFolder {
  makeIgnored(path);
  probe(path);
  const sharedWith = runningSessions(path);
  const lock = SessionLock.take(path, id);
  return { id, path, sharedWith, [Symbol.dispose]: () => lock[Symbol.dispose]() };
}

/** Dumps hold secrets: git passes over a folder that we made; one that was there is left as it is. */
function makeIgnored(path: string): void {
  if (!makeFolders(path)) return;
  writeFileSync(join(path, '.gitignore'), '# dumps hold secrets\n*\n', { mode: 0o600 });
}

/** "20261124-135400-1a2b3c": sorts by time, two runs in one second differ. */
function sessionId(now: Date): string {
  const [date = '', time = ''] = now.toISOString().slice(0, 19).split('T');
  return `${date.replaceAll('-', '')}-${time.replaceAll(':', '')}-${randomBytes(3).toString('hex')}`;
}

/** A folder that is there already may still not be ours to write: find out now, not at the first capture. */
function probe(path: string): void {
  const file = join(path, `.probe-${process.pid}-${randomBytes(3).toString('hex')}`);
  writeFileSync(file, '', { mode: 0o600, flag: 'wx' });
  rmSync(file, { force: true });
}

/** Replaces the link in one step (rename(2)): two runs may do this at the same moment, readers see one or the other. */
function pointLatest(parent: string, id: string): void {
  const fresh = join(parent, `.${LATEST}-${id}`);
  try {
    symlinkSync(id, fresh);
    renameSync(fresh, join(parent, LATEST));
  } catch {
    // A file system without links, or a folder of that name: the session itself does not need it.
    rmSync(fresh, { force: true });
  }
}
