import { type CommandName, longOption, type OptionDefinition, optionsOf } from '@firstchance/model';

/** Options that make no sense in a step: the action decides about them itself. */
const LEFT_OUT: ReadonlySet<string> = new Set(['json', 'quiet', 'attach', 'keepSessions', 'detached']);
const COMMANDS: readonly CommandName[] = ['run', 'check', 'serve'];

/** Every option of the command line that a step may give, in the order of the table. */
export function optionInputs(): OptionDefinition[] {
  const options = new Map(COMMANDS.flatMap((command) => optionsOf(command).map((option) => [option.name, option])));
  return [...options.values()].filter((option) => !LEFT_OUT.has(option.name));
}

/** "perTestDeadline" → "per-test-deadline" */
export function inputName(option: OptionDefinition): string {
  return longOption(option.name).slice(2);
}
