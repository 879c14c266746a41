import { readdirSync, readFileSync } from 'node:fs';

/** A process of the machine, as /proc shows it. */
export interface ProcessLine {
  pid: number;
  command: string;
}

/** Processes whose environment holds `NAME=value`: what was started below a test, wherever it has gone since. */
export function processesWith(variable: string): ProcessLine[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && readProc(name, 'environ').split('\0').includes(variable))
    .map((name) => ({ pid: Number(name), command: readProc(name, 'cmdline').replaceAll('\0', ' ').trim() }));
}

/** Pids of the children of all threads of a process. */
export function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readProc(`${pid}/task/${task}`, 'children').trim().split(' ').filter(Boolean).map(Number),
  );
}

/** "State", "TracerPid" and so on of /proc/PID/status; undefined when there is no such process. */
export const statusOf = (pid: number, field: string): string | undefined =>
  new RegExp(`^${field}:\\s*(.*)$`, 'm').exec(readProc(String(pid), 'status'))?.[1];

/** Empty when it is gone or may not be read: both mean it is none of ours. */
function readProc(process: string, file: string): string {
  try {
    return readFileSync(`/proc/${process}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
