import { UsageError } from '../errors/firstchance-error.ts';
import type { OptionDefinition, OptionValue, OptionValues } from '../options/definition.ts';
import { nameHint } from '../options/nearest.ts';
import { CONFIGURABLE } from '../options/table.ts';
import { parseValue, ValueError } from '../options/values.ts';

/** Checks the content of a configuration file and parses its values. @throws UsageError that names file and key */
export function validateConfig(content: unknown, file: string): OptionValues {
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new UsageError(`${file}: the configuration must be an object with options as keys`);
  }
  const values: [string, OptionValue][] = [];
  for (const [key, value] of Object.entries(content)) {
    if (key === '$schema' || value === undefined) continue;
    const option = CONFIGURABLE.find((candidate) => candidate.name === key);
    if (!option) throw unknownKey(key, file);
    values.push([key, validateValue(option, value, file)]);
  }
  return Object.fromEntries(values);
}

function unknownKey(key: string, file: string): UsageError {
  const names = CONFIGURABLE.map((candidate) => candidate.name);
  const shown = key.length > 60 ? `${key.slice(0, 60)}…` : key;
  return new UsageError(`${file}: unknown key ${JSON.stringify(shown)}; ${nameHint(key, names)}`);
}

function validateValue(option: OptionDefinition, value: unknown, file: string): OptionValue {
  const wrong = (expected: string) => new UsageError(`${file}: "${option.name}" is ${show(value)}; ${expected}`);
  if (option.type === 'switch') {
    if (typeof value !== 'boolean') throw wrong('it must be true or false');
    return value;
  }
  if (option.type === 'list') {
    const list: unknown[] = Array.isArray(value) ? value : [value];
    if (!list.every((item): item is string => typeof item === 'string'))
      throw wrong('it must be a text or a list of texts');
    return list;
  }
  if (option.type === 'text' || option.type === 'choice') {
    if (typeof value !== 'string') throw wrong('it must be a text');
  } else if (typeof value !== 'string' && typeof value !== 'number') throw wrong('it must be a text or a number');
  try {
    return parseValue(option, String(value));
  } catch (error) {
    if (error instanceof ValueError) throw wrong(error.message);
    throw error;
  }
}

function show(value: unknown): string {
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint') return `a ${typeof value}`;
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return 'an object that refers to itself';
  }
}
