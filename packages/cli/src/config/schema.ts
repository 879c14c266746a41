import type { OptionDefinition } from '../options/table.ts';
import { CONFIGURABLE } from './validate.ts';

/** JSON Schema (2020-12) of the configuration file, made from the option table. */
export function configSchema(): Record<string, unknown> {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'firstchance configuration',
    type: 'object',
    additionalProperties: false,
    properties: {
      $schema: { type: 'string' },
      ...Object.fromEntries(CONFIGURABLE.map((option) => [option.name, property(option)])),
    },
  };
}

const TYPES: Readonly<Record<OptionDefinition['type'], Record<string, unknown>>> = {
  switch: { type: 'boolean' },
  text: { type: 'string' },
  list: { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
  choice: { type: 'string' },
  count: { type: ['integer', 'string'], minimum: 0, pattern: '^\\d{1,9}$' },
  duration: { type: ['number', 'string'], exclusiveMinimum: 0, pattern: '^(\\d+(\\.\\d+)?\\s*(ms|min|s|m|h)?)+$' },
  size: { type: ['number', 'string'], minimum: 0, pattern: '^\\d+(\\.\\d+)?\\s*([kKmMgGtT]?[bB]|[kKmMgG]i[bB])?$' },
  megabytes: { type: ['number', 'string'], exclusiveMinimum: 0 },
};

function property(option: OptionDefinition): Record<string, unknown> {
  return {
    description: option.description,
    ...TYPES[option.type],
    ...(option.choices ? { enum: option.choices } : {}),
    ...(option.default === undefined ? {} : { default: option.default }),
  };
}
