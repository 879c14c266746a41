import { readFileSync } from 'node:fs';

/** One line of /proc/PID/stat, as far as we need it (proc(5)). */
export interface ProcStat {
  readonly pid: number;
  /** The kernel's short name, at most 15 bytes. */
  readonly comm: string;
  /** R running, S sleeping, D waiting for a device, T stopped, t traced, Z zombie, X dead. */
  readonly state: string;
  readonly parentPid: number;
  readonly processGroup: number;
  readonly sessionId: number;
  /** Clock ticks after boot. With the pid it names one process for good: pids are used again, this pair is not. */
  readonly startTime: bigint;
}

/** Parses the text of /proc/PID/stat; undefined when it is not one. */
export function parseStat(text: string): ProcStat | undefined {
  // The name stands in parentheses and may itself hold spaces and parentheses: the LAST ')' ends it.
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 1 || close < open) return undefined;
  const fields = text
    .slice(close + 2)
    .trimEnd()
    .split(' ');
  const pid = Number(text.slice(0, open));
  const [state, parent, group, session] = fields;
  const start = fields[19];
  if (!Number.isInteger(pid) || !state || !parent || !group || !session || !start || !/^\d+$/.test(start)) {
    return undefined;
  }
  return {
    pid,
    comm: text.slice(open + 1, close),
    state,
    parentPid: Number(parent),
    processGroup: Number(group),
    sessionId: Number(session),
    startTime: BigInt(start),
  };
}

/** Reads /proc/PID/stat; undefined when there is no such process (any more). */
export function readStat(pid: number): ProcStat | undefined {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return undefined;
  }
}

/** True while exactly this process (pid and start time) runs; a zombie has ended. */
export function isAlive(pid: number, startTime?: bigint): boolean {
  const stat = readStat(pid);
  if (!stat || stat.state === 'Z' || stat.state === 'X') return false;
  return startTime === undefined || stat.startTime === startTime;
}
