import type { Problem } from './problem.ts';

/** Switches of the runtime without which no profiler is loaded (documented since .NET 6, the parts since .NET 8). */
export const AGENT_SWITCHES = ['EnableDiagnostics', 'EnableDiagnostics_Profiler'] as const;
/** Without this one nothing can be attached. */
export const ATTACH_SWITCHES = ['EnableDiagnostics_IPC'] as const;

/**
 * Diagnostics that an environment switches off: the usual cause of an agent that is not there, and one with a plain cure.
 * @param variable looks a variable up; the runtime reads its value as a hexadecimal number
 */
export function switchedOff(
  variable: (name: string) => string | undefined,
  where: string,
  switches: readonly string[],
): Problem | undefined {
  for (const name of switches.flatMap((one) => [`DOTNET_${one}`, `COMPlus_${one}`])) {
    const value = variable(name);
    if (value === undefined || !/^(0x)?0+$/i.test(value.trim())) continue;
    const what = `no exception of ${where} will be seen`;
    return {
      ...{ what, where: '', why: `its diagnostics are switched off (${name}=${value})` },
      cure: `remove ${name} from its environment`,
    };
  }
  return undefined;
}
