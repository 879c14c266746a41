import { readFileSync } from 'node:fs';

/** Two fields of /proc/PID/stat (proc(5)). */
export interface ProcessStat {
  /** Z: it has ended and was not collected yet; X: dead. */
  readonly state: string;
  /** Clock ticks from boot to its start: a pid may be given again, pid and start time may not. */
  readonly startTime: string;
}

/** Undefined when there is no such process. */
export function processStat(pid: number): ProcessStat | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name in parentheses may hold anything, spaces and parentheses too; field 3 follows the last of them.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', startTime: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}
