import { readFileSync, readlinkSync } from 'node:fs';

/** Who holds a session: enough to tell whether that very process still lives. */
export interface Owner {
  readonly pid: number;
  /** Clock ticks from boot to its start (proc(5), stat field 22): a pid may be given again, pid and start time may not. */
  readonly startTime: string;
  /** Boot of the machine and namespace of pids in which the two hold. */
  readonly world: string;
}

export function ownOwner(): Owner {
  return { pid: process.pid, startTime: startTimeOf(process.pid) ?? '0', world: ownWorld() };
}

/** True while the owner lives; undefined when that cannot be told from here (another container, another machine). */
export function isOwnerAlive(owner: Owner): boolean | undefined {
  if (owner.world !== ownWorld()) return undefined;
  return startTimeOf(owner.pid) === owner.startTime;
}

function startTimeOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name in parentheses may hold anything, spaces and parentheses too; field 3 follows the last of them.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

function ownWorld(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return 'unknown';
  }
}
