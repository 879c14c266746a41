import type { ProcessFacts } from '@firstchance/model';
import { processName, readCommandLine } from '@firstchance/target';
import { diagnosticsOf } from './diagnostics.ts';

/** What a process says of itself over its diagnostics socket, and /proc; null for what neither tells. */
export async function describeProcess(pid: number): Promise<ProcessFacts> {
  const commandLine = readCommandLine(pid);
  const info = await diagnosticsOf(pid)
    .then((client) => client.processInfo())
    .catch(() => undefined);
  return {
    name: processName(commandLine),
    commandLine,
    runtime: info?.runtimeVersion ?? null,
    architecture: info?.architecture ?? null,
  };
}
