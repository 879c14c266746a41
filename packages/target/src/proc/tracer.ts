import { readFileSync } from 'node:fs';
import { readStat } from './stat.ts';

/** Pid of the process that traces this one, 0 for nobody or a process that is gone (TracerPid of /proc/PID/status). */
export function readTracer(pid: number): number {
  try {
    return Number(/^TracerPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** True when a process is the other one or descends from it. */
export function descendsFrom(pid: number, ancestor: number): boolean {
  for (let current = pid, steps = 0; current > 1 && steps < 64; steps += 1) {
    if (current === ancestor) return true;
    current = readStat(current)?.parentPid ?? 0;
  }
  return false;
}
