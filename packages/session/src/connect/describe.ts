import type { ProcessFacts } from '@firstchance/model';
import { processName, readCommandLine } from '@firstchance/target';

/** What /proc tells about a process; the runtime's version is known to the engine and the agent only. */
export async function describeProcess(pid: number): Promise<ProcessFacts> {
  const commandLine = readCommandLine(pid);
  return { name: processName(commandLine), commandLine, runtime: null, architecture: process.arch };
}
