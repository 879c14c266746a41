import { setTimeout as delay } from 'node:timers/promises';
import { isAlive, type ProcStat } from '../proc/stat.ts';

/**
 * Ends processes: SIGTERM, and SIGKILL for those that are still alive after the grace period.
 * Each process is named by pid and start time, so a pid that was used again in between is left alone.
 * @returns those that had to be killed
 */
export async function stopProcesses(processes: readonly ProcStat[], graceMs = 2_000): Promise<ProcStat[]> {
  const alive = () => processes.filter((process) => isAlive(process.pid, process.startTime));
  for (const target of alive()) signal(target.pid, 'SIGTERM');
  const until = Date.now() + graceMs;
  // A process that is not our child cannot be waited for with waitpid: look again until it is gone.
  while (alive().length > 0 && Date.now() < until) await delay(20);
  const stubborn = alive();
  for (const target of stubborn) signal(target.pid, 'SIGKILL');
  while (alive().length > 0 && Date.now() < until + 2_000) await delay(20);
  return stubborn;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone by itself in the meantime, or not ours to end: the caller looks at who is left.
  }
}
