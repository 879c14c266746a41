import { offVariables } from '@firstchance/session';
import type { Finding } from './machine.ts';

/** Variables that switch the runtime's diagnostics off (documented for .NET 6 and newer, the parts for .NET 8 and newer). */
const SWITCHES = ['EnableDiagnostics', 'EnableDiagnostics_IPC', 'EnableDiagnostics_Profiler'] as const;

/** What the switches mean for captures of a process with this environment. */
export function switchFindings(environment: ReadonlyMap<string, string>, subject: string): Finding[] {
  return offVariables((name) => environment.get(name), SWITCHES).map(({ name, value }) => {
    const lost = name.endsWith('_Profiler')
      ? 'the agent is not loaded, so no exception is seen'
      : name.endsWith('_IPC')
        ? 'the process cannot be attached to, and createdump is out of reach'
        : 'the agent is not loaded, the process cannot be attached to, and createdump is out of reach';
    return { what: `${name}=${value} is set for ${subject}: ${lost}`, cure: `remove ${name} from its environment` };
  });
}
