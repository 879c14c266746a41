import { nearest } from '../options/nearest.ts';
import { OPTIONS, type OptionDefinition, type OptionValue, type OptionValues, parseValue } from '../options/table.ts';
import { ValueError } from '../options/values.ts';
import { UsageError } from '../usage-error.ts';

/** Options that make sense for one invocation only. */
const COMMAND_LINE_ONLY = new Set(['json', 'quiet', 'verbose']);

export const CONFIGURABLE: readonly OptionDefinition[] = OPTIONS.filter(
  (option) => !COMMAND_LINE_ONLY.has(option.name),
);

/** Checks the content of a configuration file. @throws UsageError that names the key */
export function validateConfig(content: unknown, file: string): OptionValues {
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new UsageError(`${file}: the configuration must be an object with options as keys`);
  }
  const values: Record<string, OptionValue> = {};
  for (const [key, value] of Object.entries(content)) {
    if (key === '$schema' || value === undefined) continue;
    const option = CONFIGURABLE.find((candidate) => candidate.name === key);
    if (!option) {
      const names = CONFIGURABLE.map((candidate) => candidate.name);
      const near = nearest(key, names);
      throw new UsageError(
        `${file}: unknown key "${key}"; ${near ? `did you mean "${near}"?` : `known are ${names.join(', ')}`}`,
      );
    }
    values[key] = validateValue(option, value, file);
  }
  return values;
}

function validateValue(option: OptionDefinition, value: unknown, file: string): OptionValue {
  const wrong = (expected: string) =>
    new UsageError(`${file}: "${option.name}" is ${JSON.stringify(value)}; ${expected}`);
  if (option.type === 'switch') {
    if (typeof value !== 'boolean') throw wrong('it must be true or false');
    return value;
  }
  if (option.type === 'list') {
    const list = Array.isArray(value) ? value : [value];
    if (!list.every((item): item is string => typeof item === 'string'))
      throw wrong('it must be a text or a list of texts');
    return list;
  }
  if (typeof value !== 'string' && typeof value !== 'number') throw wrong('it must be a text or a number');
  if (option.choices && !option.choices.includes(String(value)))
    throw wrong(`it must be one of ${option.choices.join(', ')}`);
  try {
    return parseValue(option, String(value));
  } catch (error) {
    if (error instanceof ValueError) throw wrong(error.message);
    throw error;
  }
}
