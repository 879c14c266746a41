import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Identity of a process: a pid is used again, this pair is not. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks after boot, field 22 of /proc/PID/stat (proc(5)); also the key in the socket's name. */
  readonly startTime: bigint;
}

/** Undefined when there is no such process, or only its zombie. */
export function readIdentity(pid: number): ProcessIdentity | undefined {
  return parseStat(readText(`/proc/${pid}/stat`) ?? '', pid);
}

export function parseStat(text: string, pid: number): ProcessIdentity | undefined {
  // The name stands in parentheses and may hold spaces and parentheses itself: the LAST ')' ends it.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state] = fields;
  const start = fields[19];
  if (state === undefined || !/^[A-Za-z]$/.test(state) || state === 'Z' || state === 'X') return undefined;
  return start !== undefined && /^\d+$/.test(start) ? { pid, startTime: BigInt(start) } : undefined;
}

export interface ProcessStatus {
  /** Pid in the innermost namespace the process is in: what it believes to be its pid. */
  readonly namespacePid: number;
  /** Real, effective, saved and file-system user id. */
  readonly userIds: readonly number[];
}

export function readStatus(pid: number): ProcessStatus | undefined {
  const text = readText(`/proc/${pid}/status`);
  return text === undefined ? undefined : parseStatus(text, pid);
}

export function parseStatus(text: string, pid: number): ProcessStatus {
  const values = (name: string) =>
    new RegExp(`^${name}:\\s*(.*)$`, 'm')
      .exec(text)?.[1]
      ?.trim()
      .split(/\s+/)
      .map(Number)
      .filter(Number.isSafeInteger) ?? [];
  return { namespacePid: values('NSpid').at(-1) ?? pid, userIds: values('Uid') };
}

/** Environment the process was started with; undefined when it may not be read. */
export function readEnvironment(pid: number): ReadonlyMap<string, string> | undefined {
  const text = readText(`/proc/${pid}/environ`);
  if (text === undefined) return undefined;
  const result = new Map<string, string>();
  for (const item of text.split('\0')) {
    const equals = item.indexOf('=');
    // The first of two equal names is what getenv(3) finds.
    if (equals > 0 && !result.has(item.slice(0, equals))) result.set(item.slice(0, equals), item.slice(equals + 1));
  }
  return result;
}

export function readCommandLine(pid: number): string[] {
  const text = readText(`/proc/${pid}/cmdline`) ?? '';
  return text === '' ? [] : text.replace(/\0$/, '').split('\0');
}

/** "runtime": CoreCLR is mapped · "host": dotnet's host is, the runtime not yet · "none" · "unreadable": not ours to look at. */
export type RuntimeTrace = 'runtime' | 'host' | 'none' | 'unreadable';

export function readRuntimeTrace(pid: number): RuntimeTrace {
  const maps = readText(`/proc/${pid}/maps`);
  return maps === undefined ? 'unreadable' : runtimeTrace(maps);
}

export function runtimeTrace(maps: string): RuntimeTrace {
  // A single-file program has no libcoreclr.so of its own; the W^X memory file gives it away.
  if (/\/libcoreclr\.so(?: \(deleted\))?$/m.test(maps) || maps.includes('/memfd:doublemapper')) return 'runtime';
  return /\/libhost(?:fxr|policy)\.so(?: \(deleted\))?$/m.test(maps) ? 'host' : 'none';
}

/**
 * Prefix under which the target's "/" is seen from here: "" in the same mount namespace and root, else /proc/PID/root
 * (proc(5)), which leads into a container. "" too when the links may not be read.
 */
export function readRootPrefix(pid: number): string {
  try {
    const sameNamespace = readlinkSync(`/proc/${pid}/ns/mnt`) === readlinkSync('/proc/self/ns/mnt');
    const sameRoot = readlinkSync(`/proc/${pid}/root`) === readlinkSync('/proc/self/root');
    return sameNamespace && sameRoot ? '' : `/proc/${pid}/root`;
  } catch {
    return '';
  }
}

export function listPids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
