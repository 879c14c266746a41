import { readFileSync, readlinkSync } from 'node:fs';
import { processStat } from './process-stat.ts';

/** Who holds a session: enough to tell whether that very process still lives. */
export interface Owner {
  readonly pid: number;
  /** As in `ProcessStat`. */
  readonly startTime: string;
  /** Boot of the machine and namespace of pids in which the two hold. */
  readonly world: string;
}

export function ownOwner(): Owner {
  return { pid: process.pid, startTime: processStat(process.pid)?.startTime ?? '0', world: ownWorld() };
}

/** True while the owner lives; undefined when that cannot be told from here (another container, another machine). */
export function isOwnerAlive(owner: Owner): boolean | undefined {
  if (owner.world !== ownWorld()) return undefined;
  return processStat(owner.pid)?.startTime === owner.startTime;
}

function ownWorld(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return 'unknown';
  }
}
