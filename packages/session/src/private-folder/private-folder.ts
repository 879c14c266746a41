import { randomBytes } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive, readStat } from '@firstchance/target';

/** A Unix socket's path has at most 107 bytes (unix(7)); the longest name of ours inside the folder stays below this. */
const SOCKET_PATH_BYTES = 107;
const LONGEST_NAME = 24;
const NAME = /^fc-(\d+)-(\d+)-(\d+)-[0-9a-f]{8}$/;

/** Short private folder for sockets and the agents' control file; removed when disposed. */
export interface PrivateFolder extends Disposable {
  readonly path: string;
}

/**
 * Makes the folder, mode 0700, under $XDG_RUNTIME_DIR or the temporary folder, and removes those of dead sessions.
 * Its name holds pid namespace, pid and start time of its owner, so that a leftover can be told from a folder in use:
 * containers may share /tmp and then have equal pids.
 * @throws the system's error when no folder can be made
 */
export function makePrivateFolder(environment: NodeJS.ProcessEnv = process.env): PrivateFolder {
  let lastError: unknown;
  for (const base of bases(environment)) {
    sweepPrivateFolders(base);
    const path = join(base, folderName());
    if (Buffer.byteLength(path) + 1 + LONGEST_NAME > SOCKET_PATH_BYTES) continue;
    try {
      mkdirSync(path, { mode: 0o700 });
      // mkdir's mode is cut by the umask; a umask of 0777 is nobody's, but the mode is a promise.
      chmodSync(path, 0o700);
      return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
    } catch (error) {
      lastError = error;
    }
  }
  throw lastError ?? new Error('every temporary folder has a path too long for a socket');
}

/** Removes folders of sessions that were killed. Only this user's, of this pid namespace, whose owner is certainly gone. */
export function sweepPrivateFolders(base: string): string[] {
  const removed: string[] = [];
  let names: string[];
  try {
    names = readdirSync(base);
  } catch {
    return removed;
  }
  const here = pidNamespace();
  for (const name of names) {
    const [, namespace, pid, startTime] = NAME.exec(name) ?? [];
    if (namespace !== here || !pid || !startTime || isAlive(Number(pid), BigInt(startTime))) continue;
    const path = join(base, name);
    try {
      const stat = lstatSync(path);
      if (!stat.isDirectory() || stat.uid !== process.getuid?.()) continue;
      rmSync(path, { recursive: true, force: true });
      removed.push(path);
    } catch {
      // Another session sweeps at the same time, or the folder is not ours after all.
    }
  }
  return removed;
}

function bases(environment: NodeJS.ProcessEnv): string[] {
  const candidates = [environment.XDG_RUNTIME_DIR, tmpdir(), '/tmp'];
  return [...new Set(candidates.filter((path): path is string => path?.startsWith('/') === true))];
}

function folderName(): string {
  const startTime = readStat(process.pid)?.startTime ?? 0n;
  return `fc-${pidNamespace()}-${process.pid}-${startTime}-${randomBytes(4).toString('hex')}`;
}

/** Inode of this process's pid namespace, from a link like "pid:[4026531836]". */
function pidNamespace(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
  } catch {
    return '0';
  }
}
