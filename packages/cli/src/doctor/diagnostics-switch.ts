import type { Finding } from './machine.ts';

/** Variables that switch the runtime's diagnostics off (documented for .NET 6 and newer, the parts for .NET 8 and newer). */
const SWITCHES = ['EnableDiagnostics', 'EnableDiagnostics_IPC', 'EnableDiagnostics_Profiler'] as const;

/** Which switch is off in an environment; values count as the runtime reads them, as hexadecimal numbers. */
export function switchedOff(environment: ReadonlyMap<string, string>): string[] {
  const off: string[] = [];
  for (const name of SWITCHES) {
    for (const prefix of ['DOTNET_', 'COMPlus_']) {
      const value = environment.get(prefix + name);
      if (value !== undefined && /^(0x)?0+$/i.test(value.trim())) off.push(`${prefix}${name}=${value}`);
    }
  }
  return off;
}

/** What the switches mean for captures of a process with this environment. */
export function switchFindings(environment: ReadonlyMap<string, string>, subject: string): Finding[] {
  return switchedOff(environment).map((variable) => {
    const profiler = variable.includes('_Profiler');
    const ipc = variable.includes('_IPC');
    const lost = profiler
      ? 'the agent is not loaded, so no exception is seen'
      : ipc
        ? 'the process cannot be attached to, and createdump is out of reach'
        : 'the agent is not loaded, the process cannot be attached to, and createdump is out of reach';
    return {
      what: `${variable} is set for ${subject}: ${lost}`,
      cure: `remove ${variable.split('=')[0]} from its environment`,
    };
  });
}
