import type { OptionValues } from '@firstchance/model';
import type { Command } from 'commander';
import { loadConfig } from '../config/load.ts';
import type { Surroundings } from '../ports.ts';
import { givenOptions } from './commander.ts';

export interface Invocation {
  /** Configuration file, overridden by the command line; no defaults. */
  readonly given: OptionValues;
  readonly common: { readonly json: boolean; readonly quiet: boolean; readonly verbose: boolean };
}

/** Reads what one invocation was told. @throws UsageError naming the key of a wrong configuration */
export async function invocation(command: Command, context: Pick<Surroundings, 'folder'>): Promise<Invocation> {
  const config = await loadConfig(context.folder);
  return { given: { ...config?.values, ...givenOptions(command) }, common: commonFlags(command) };
}

/** The flags every command has; for commands the configuration file does not concern. */
export function commonFlags(command: Command): Invocation['common'] {
  const flags = givenOptions(command);
  return { json: flags.json === true, quiet: flags.quiet === true, verbose: flags.verbose === true };
}
