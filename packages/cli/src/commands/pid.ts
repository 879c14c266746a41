import { UsageError } from '@firstchance/model';
import { isAlive, readStat } from '@firstchance/target';

/** A pid of a process that runs. @throws UsageError */
export function requirePid(text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) {
    throw new UsageError(`"${text}" is no process id; firstchance ps lists the .NET processes of this machine`);
  }
  const pid = Number(text);
  const stat = readStat(pid);
  if (!stat)
    throw new UsageError(`there is no process ${pid}; firstchance ps lists the .NET processes of this machine`);
  if (!isAlive(pid))
    throw new UsageError(`process ${pid} (${stat.comm}) has ended already; its parent has not collected it`);
  return pid;
}
