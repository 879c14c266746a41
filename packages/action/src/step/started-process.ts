import { setTimeout as delay } from 'node:timers/promises';
import { processStat } from '@firstchance/manifest';

export interface StartedProcess {
  readonly pid: number;
  /** Clock ticks from boot to its start (proc(5), field 22 of stat): tells it from a later process of that pid. */
  readonly startTime: string;
}

/** @returns null when it is gone already */
export function startedProcess(pid: number): StartedProcess | null {
  const stat = processStat(pid);
  return stat === undefined ? null : { pid, startTime: stat.startTime };
}

export function isRunning({ pid, startTime }: StartedProcess): boolean {
  const stat = processStat(pid);
  return stat !== undefined && stat.startTime === startTime && stat.state !== 'Z' && stat.state !== 'X';
}

/** Between two looks: it is no child of this process, so the kernel tells nobody when it ends. */
const LOOK_MS = 100;

/**
 * Ends a process that an earlier process of this step started: SIGTERM, so that captures under way are written, and SIGKILL when
 * it does not end in time.
 * @param againMs after which it is asked once more: firstchance run then kills a command that went on
 * @returns false when it had to be killed
 */
export async function endProcess(
  process_: StartedProcess,
  graceMs: number,
  againMs = Number.POSITIVE_INFINITY,
): Promise<boolean> {
  if (!signal(process_, 'SIGTERM')) return true;
  const start = performance.now();
  for (let asked = 1; performance.now() - start < graceMs; await delay(LOOK_MS)) {
    if (!isRunning(process_)) return true;
    if (asked === 1 && performance.now() - start > againMs) asked += Number(signal(process_, 'SIGTERM'));
  }
  signal(process_, 'SIGKILL');
  return false;
}

function signal(process_: StartedProcess, name: NodeJS.Signals): boolean {
  if (!isRunning(process_)) return false;
  try {
    return process.kill(process_.pid, name);
  } catch {
    return false;
  }
}
