import type { OptionValue, OptionValues } from '../options/definition.ts';
import { OPTIONS } from '../options/table.ts';
import { parseValue } from '../options/values.ts';

/** The table's defaults, parsed. */
export function defaultValues(): Readonly<Record<string, OptionValue>> {
  return Object.fromEntries(
    OPTIONS.flatMap((option) => {
      if (option.default === undefined) return [];
      return [[option.name, typeof option.default === 'string' ? parseValue(option, option.default) : option.default]];
    }),
  );
}

/** What holds in the end: the command line before the file before the defaults. A list replaces the one below it. */
export function mergeOptions(file: OptionValues, commandLine: OptionValues): Readonly<Record<string, OptionValue>> {
  const given = { ...defined(file), ...defined(commandLine) };
  const values = { ...defaultValues(), ...given };
  // As in MiniDumper: who names a COUNT wants every match, also several at one place. A limit that is given too stays.
  if (given.count !== undefined) {
    for (const limit of ['perPlace', 'perType']) if (given[limit] === undefined) values[limit] = 0;
  }
  return values;
}

function defined(values: OptionValues): Record<string, OptionValue> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, OptionValue] => entry[1] !== undefined),
  );
}
