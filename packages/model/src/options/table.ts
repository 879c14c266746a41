import { CAPTURE_OPTIONS } from './capture-options.ts';
import type { CommandName, OptionDefinition } from './definition.ts';
import { GROWTH_OPTIONS } from './growth-options.ts';
import { HEAP_OPTIONS } from './heap-options.ts';
import { LIMIT_OPTIONS } from './limit-options.ts';
import { OUTPUT_OPTIONS } from './output-options.ts';

/** Every option there is, in the order in which help shows them. Command line, configuration and docs are made from it. */
export const OPTIONS: readonly OptionDefinition[] = [
  ...CAPTURE_OPTIONS,
  ...LIMIT_OPTIONS,
  ...OUTPUT_OPTIONS,
  ...GROWTH_OPTIONS,
  ...HEAP_OPTIONS,
];

/** Those a configuration file may hold. */
export const CONFIGURABLE: readonly OptionDefinition[] = OPTIONS.filter((option) => option.commandLineOnly !== true);

export function optionsOf(command: CommandName): OptionDefinition[] {
  return OPTIONS.filter((option) => option.commands.includes(command));
}

export function findOption(name: string): OptionDefinition | undefined {
  return OPTIONS.find((option) => option.name === name);
}
