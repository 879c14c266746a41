import type { Problem } from './problem.ts';

/** Switches of the runtime without which no profiler is loaded (documented since .NET 6, the parts since .NET 8). */
export const AGENT_SWITCHES = ['EnableDiagnostics', 'EnableDiagnostics_Profiler'] as const;
/** Without this one nothing can be attached. */
export const ATTACH_SWITCHES = ['EnableDiagnostics_IPC'] as const;

/**
 * Variables of an environment that are set so that they switch diagnostics off.
 * @param variable looks a variable up; the runtime reads its value as a hexadecimal number
 */
export function offVariables(
  variable: (name: string) => string | undefined,
  switches: readonly string[],
): { readonly name: string; readonly value: string }[] {
  return switches
    .flatMap((one) => [`DOTNET_${one}`, `COMPlus_${one}`])
    .flatMap((name) => {
      const value = variable(name);
      return value !== undefined && /^(0x)?0+$/i.test(value.trim()) ? [{ name, value }] : [];
    });
}

/** Diagnostics that an environment switches off: the usual cause of an agent that is not there, and one with a plain cure. */
export function switchedOff(
  variable: (name: string) => string | undefined,
  where: string,
  switches: readonly string[],
): Problem | undefined {
  const [first] = offVariables(variable, switches);
  if (first === undefined) return undefined;
  const { name, value } = first;
  return {
    ...{ what: `no exception of ${where} will be seen`, where: '' },
    why: `its diagnostics are switched off (${name}=${value})`,
    cure: `remove ${name} from its environment`,
  };
}
