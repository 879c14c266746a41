import { readdirSync } from 'node:fs';
import { type ProcStat, readStat } from './stat.ts';

/**
 * Every process of this pid namespace that can be seen; those that end while we read are left out.
 * @param without pids that are not read
 */
export function listProcesses(without: ReadonlySet<number> = new Set()): ProcStat[] {
  const result: ProcStat[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name) || without.has(Number(name))) continue;
    const stat = readStat(Number(name));
    if (stat) result.push(stat);
  }
  return result;
}
