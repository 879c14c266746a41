import { lstatSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { type ProcessIdentity, readEnvironment, readIdentity, readRootPrefix, readStatus } from './proc.ts';

/** Where a runtime listens. */
export interface SocketLocation extends ProcessIdentity {
  /** Pid as the process itself knows it; it stands in the socket's name. */
  readonly namespacePid: number;
  /** The socket as seen from here. */
  readonly path: string;
  /** Where the target's "/" lies as seen from here; empty when both see the same. */
  readonly root: string;
}

/** Where a socket would have to be, for the explanation why it is not. */
export interface SearchedPlace {
  readonly path: string;
  /** The same path as the target knows it: its length decides whether the runtime could bind it. */
  readonly targetPath: string;
}

export type SearchResult =
  | { readonly found: SocketLocation }
  | { readonly found: undefined; readonly identity: ProcessIdentity | undefined; readonly places: SearchedPlace[] };

/**
 * Looks for the socket of exactly this process. The name holds pid AND start time: a file that a killed process left
 * behind never fits a later process with its pid. TMPDIR, pid and root are the target's, not ours.
 */
export function searchSocket(pid: number): SearchResult {
  const identity = readIdentity(pid);
  const status = readStatus(pid);
  if (!identity || !status) return { found: undefined, identity: undefined, places: [] };
  const { namespacePid, userIds } = status;
  const name = `dotnet-diagnostic-${namespacePid}-${identity.startTime}-socket`;
  const root = readRootPrefix(pid);
  const places = temporaryFolders(pid).map((folder) => ({
    path: isAbsolute(folder) ? join(root, folder, name) : join(`/proc/${pid}/cwd`, folder, name),
    targetPath: isAbsolute(folder) ? join(folder, name) : `${folder.replace(/\/$/, '')}/${name}`,
  }));
  for (const { path } of places) {
    if (isSocketOf(path, userIds)) return { found: { ...identity, namespacePid, path, root } };
  }
  return { found: undefined, identity, places };
}

function temporaryFolders(pid: number): string[] {
  const environment = readEnvironment(pid);
  if (environment) return [environment.get('TMPDIR') || '/tmp'];
  return [...new Set([tmpdir(), '/tmp'])];
}

/** Whoever may write to the folder could put a socket of that name there: only the process's own user (or root) counts. */
function isSocketOf(path: string, userIds: readonly number[]): boolean {
  try {
    const stat = lstatSync(path);
    return stat.isSocket() && (stat.uid === 0 || userIds.includes(stat.uid));
  } catch {
    return false;
  }
}
