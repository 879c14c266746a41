import { listProcesses, mappedRuntime, readCommandLine } from '@firstchance/target';
import type { DotnetProcess } from './ports.ts';

/** Processes that have the runtime mapped and may be looked at by this user. */
export async function listDotnetProcesses(): Promise<DotnetProcess[]> {
  return listProcesses()
    .filter((stat) => mappedRuntime(stat.pid) === 'coreclr')
    .map((stat) => ({ pid: stat.pid, commandLine: readCommandLine(stat.pid), runtime: null }));
}
