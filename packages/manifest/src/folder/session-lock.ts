import { closeSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { isOwnerAlive, type Owner, ownOwner } from './owner.ts';

const PREFIX = '.running-';
/** A lock from another container or machine counts for this long: its owner cannot be asked. */
const FOREIGN_MS = 24 * 3_600_000;

/** Marks a session as running, for everybody who looks at its folder. */
export class SessionLock implements Disposable {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /** @throws the system's error; EEXIST when this very session is running already */
  static take(folder: string, sessionId: string): SessionLock {
    const path = join(folder, `${PREFIX}${sessionId}`);
    const file = openSync(path, 'wx', 0o600);
    try {
      writeSync(file, JSON.stringify(ownOwner()));
    } finally {
      closeSync(file);
    }
    return new SessionLock(path);
  }

  /** Safe to call twice, and when the folder is gone. */
  [Symbol.dispose](): void {
    rmSync(this.#path, { force: true });
  }
}

/** Ids of the sessions that run in a folder now; locks that a killed process left are removed. */
export function runningSessions(folder: string, now = Date.now()): string[] {
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => name.startsWith(PREFIX));
  } catch {
    return [];
  }
  return names.filter((name) => isHeld(join(folder, name), now)).map((name) => name.slice(PREFIX.length));
}

function isHeld(path: string, now: number): boolean {
  try {
    const age = now - statSync(path).mtimeMs;
    const alive = readOwner(path);
    if (alive === undefined) return age < FOREIGN_MS;
    if (!alive) rmSync(path, { force: true });
    return alive;
  } catch {
    return false;
  }
}

/** Undefined also while the owner is writing its file: such a lock is held. */
function readOwner(path: string): boolean | undefined {
  try {
    return isOwnerAlive(JSON.parse(readFileSync(path, 'utf8')) as Owner);
  } catch {
    return undefined;
  }
}
