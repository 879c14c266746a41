import { existsSync, lstatSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { LATEST, SESSIONS_FOLDER } from './session-folder.ts';
import { runningSessions } from './session-lock.ts';

/** Only names that we made ourselves are ever removed. */
const OWN_NAME = /^\d{8}-\d{6}-[0-9a-f]{6}$/;
const REMOVING = '.removing-';

/** Removes the oldest sessions beside this one, so that at most `keep` stay; 0 keeps all. Returns the names removed. */
export function retainSessions(folder: string, keep: number): string[] {
  if (keep <= 0 || basename(dirname(folder)) !== SESSIONS_FOLDER) return [];
  return removeSessions(dirname(folder), keep);
}

/** Removes all but the newest `keep` sessions. Those that run are left alone, and whatever has no name of ours. */
export function removeSessions(parent: string, keep: number): string[] {
  let names: string[];
  try {
    names = readdirSync(parent);
  } catch {
    return [];
  }
  for (const name of names) if (name.startsWith(REMOVING)) remove(join(parent, name));
  const sessions = names.filter((name) => OWN_NAME.test(name) && isFolder(join(parent, name))).sort();
  const old = sessions.slice(0, Math.max(0, sessions.length - keep));
  const removed = old.filter((name) => runningSessions(join(parent, name)).length === 0 && retire(parent, name));
  removeDangling(join(parent, LATEST));
  return removed;
}

/** A link that leads nowhere would only mislead. */
function removeDangling(link: string): void {
  const stat = lstatSync(link, { throwIfNoEntry: false });
  if (stat?.isSymbolicLink() && !existsSync(link)) rmSync(link, { force: true });
}

/** Renamed first: a session that is half removed when we are killed is no session any more, and goes the next time. */
function retire(parent: string, name: string): boolean {
  const path = join(parent, `${REMOVING}${name}`);
  try {
    renameSync(join(parent, name), path);
  } catch {
    // Another run was faster, or it is not ours to remove.
    return false;
  }
  remove(path);
  return true;
}

function remove(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // Files of another user in it: they stay, out of the way.
  }
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
