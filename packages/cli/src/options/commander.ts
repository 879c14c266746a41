import {
  type CommandName,
  type OptionDefinition,
  type OptionValues,
  optionsOf,
  parseValue,
  UsageError,
  ValueError,
  writtenOption,
} from '@firstchance/model/options';
import { type Command, Option } from 'commander';

/** Adds the options of the table that a command takes, in groups, as the table orders them. */
export function addOptions(command: Command, name: CommandName): Command {
  for (const definition of optionsOf(name)) command.addOption(commanderOption(definition));
  return command;
}

/** What was given on the command line: only that, parsed, without defaults. */
export function givenOptions(command: Command): OptionValues {
  return Object.fromEntries(
    Object.entries(command.opts()).filter(([name]) => command.getOptionValueSource(name) === 'cli'),
  ) as OptionValues;
}

function commanderOption(definition: OptionDefinition): Option {
  const { type, choices, letter, value } = definition;
  const placeholder = type === 'switch' ? '' : ` <${choices ? choices.join('|') : (value ?? 'VALUE')}>`;
  // -m, -e are written two-lettered (-mh, -e 1) and normalised before commander sees them: no short form of their own.
  const short = letter && letter !== 'm' && letter !== 'e' ? `-${letter}, ` : '';
  const option = new Option(`${short}${writtenOption(definition)}${placeholder}`, describe(definition));
  option.helpGroup(`${definition.group}:`);
  if (type === 'switch') return option;
  option.argParser((text: string, previous: unknown) => {
    if (type === 'list') return [...(Array.isArray(previous) ? previous : []), text];
    try {
      return parseValue(definition, text);
    } catch (error) {
      if (error instanceof ValueError) throw wrong(definition, text, error.message);
      throw error;
    }
  });
  return option;
}

function describe({ description, default: value }: OptionDefinition): string {
  return value === undefined || typeof value === 'boolean' ? description : `${description} Default: ${value}.`;
}

function wrong(definition: OptionDefinition, text: string, expected: string): UsageError {
  return new UsageError(`${writtenOption(definition)} is "${text}"; ${expected}`);
}
