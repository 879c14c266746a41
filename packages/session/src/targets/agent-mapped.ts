import { readFileSync } from 'node:fs';

/** True when the agent's library is in the memory map of a process: the runtime has loaded it. */
export function agentIsMapped(pid: number, agentPath: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/maps`, 'utf8').includes(`${agentPath}\n`);
  } catch {
    return false;
  }
}
