import { join } from 'node:path';
import { writeWhole } from '@firstchance/manifest';
import { readStat } from '@firstchance/target';

/** Agents look for this file in the folder that FIRSTCHANCE_SESSION names. */
export const CONTROL_FILE = '.agent';

/** session.json: what was run, and where its sockets are while it runs. */
export interface SessionFile {
  readonly schema: 1;
  readonly id: string;
  readonly started: string;
  readonly ended: string | null;
  readonly command: readonly string[];
  readonly versions: Readonly<Record<string, string>>;
  readonly platform: string;
  /** Pid and start time (clock ticks after boot) of the process that owns the session. */
  readonly owner: { readonly pid: number; readonly startTime: string };
  /** Path of the private socket folder; null when the session is over. */
  readonly privateFolder: string | null;
  /** Capture methods that can be tried, best first. */
  readonly captureMethods: readonly string[];
  readonly exitCode: number | null;
}

/** What stays the same from the start of a session to its end. */
export function aboutRun({
  sessionId: id,
  command,
  versions,
}: {
  sessionId: string;
  command: readonly string[];
  versions: Readonly<Record<string, string>>;
}): Pick<SessionFile, 'schema' | 'id' | 'command' | 'versions' | 'platform' | 'owner'> {
  const owner = { pid: process.pid, startTime: String(readStat(process.pid)?.startTime ?? 0) };
  return { schema: 1, id, command, versions, platform: `${process.platform}-${process.arch}`, owner };
}

/** Written whole or not at all, mode 0600. @throws the system's error */
export function writeSessionFile(folder: string, content: SessionFile): void {
  writeWhole(join(folder, 'session.json'), `${JSON.stringify(content, null, 2)}\n`);
}
