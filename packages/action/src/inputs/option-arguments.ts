import { getInput } from '@actions/core';
import {
  type OptionDefinition,
  optionsOf,
  parseValue,
  UsageError,
  ValueError,
  writtenOption,
} from '@firstchance/model';
import { inputName, optionInputs } from './option-inputs.ts';
import { flag } from './read-inputs.ts';

export type WatchCommand = 'run' | 'check' | 'serve';

/**
 * The inputs that are options of the command line, as its arguments; values are checked here so that a step with a wrong one
 * fails before anything runs. The session folder is not among them.
 * @throws UsageError naming the input
 */
export function optionArguments(command: WatchCommand): string[] {
  const taken = optionsOf(command);
  return optionInputs().flatMap((option) => {
    const name = inputName(option);
    const text = getInput(name);
    if (text === '' || option.name === 'output') return [];
    if (!taken.some((one) => one.name === option.name)) throw new UsageError(`${name}: ${misplaced(option, command)}`);
    return argumentsOf(option, name, text);
  });
}

function argumentsOf(option: OptionDefinition, name: string, text: string): string[] {
  const long = writtenOption(option);
  // "=": a value that begins with a dash is a value all the same.
  if (option.type === 'switch') return flag(name, false) === (option.default === true) ? [] : [long];
  if (option.type === 'list')
    return text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .map((line) => `${long}=${line}`);
  try {
    parseValue(option, text);
  } catch (error) {
    if (error instanceof ValueError) throw new UsageError(`${name} is ${JSON.stringify(text)}; ${error.message}`);
    throw error;
  }
  return [`${long}=${text}`];
}

function misplaced({ commands }: OptionDefinition, command: WatchCommand): string {
  if (command === 'serve') return 'mode arm does not take it';
  return commands.includes('check')
    ? 'it is for growth checks, which also need op or op-command'
    : 'growth checks (op, op-command) do not take it';
}
