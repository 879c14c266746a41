import { z } from 'zod';
import type { OptionDefinition } from '../options/definition.ts';
import { CONFIGURABLE } from '../options/table.ts';

/** What a configuration file may hold, as zod: for editors and for JSON Schema. `validateConfig` has the better messages. */
export function configFileSchema(): z.ZodObject {
  const properties = CONFIGURABLE.map((option) => [option.name, property(option)] as const);
  return z.strictObject({ $schema: z.string().optional(), ...Object.fromEntries(properties) });
}

function property(option: OptionDefinition): z.ZodType {
  return valueSchema(option)
    .optional()
    .meta({
      description: option.description,
      ...(option.default === undefined ? {} : { default: writtenDefault(option) }),
    });
}

/** A count's default as a number, the others as a person writes them. */
function writtenDefault({ type, default: value }: OptionDefinition): string | boolean | number | undefined {
  return type === 'count' ? Number(value) : value;
}

function valueSchema({ type, choices, range }: OptionDefinition): z.ZodType {
  switch (type) {
    case 'switch':
      return z.boolean();
    case 'text':
      return z.string();
    case 'list':
      return z.union([z.string(), z.array(z.string())]);
    case 'choice':
      return z.enum((choices ?? []) as [string, ...string[]]);
    case 'count': {
      const [least, greatest] = range ?? [0, 999_999_999];
      return z.union([z.int().min(least).max(greatest), z.string().regex(/^\d{1,9}$/)]);
    }
    case 'duration':
      return z.union([z.number().positive(), z.string().regex(/^(\d+(\.\d+)?|(\d+(\.\d+)?\s*(ms|min|s|m|h))+)$/)]);
    case 'size':
      return z.union([z.int().min(0), z.string().regex(/^\d+(\.\d+)?\s*([kKmMgGtT]?[bB]|[kKmMgGtT][iI][bB])?$/)]);
    case 'rate':
      return z.string().regex(/^\d+(\.\d+)?\s*([kKmMgGtT]?[bB]|[kKmMgGtT][iI][bB])?\s*\/\s*(op|operation)$/i);
    case 'megabytes':
      return z.union([
        z.number().positive(),
        z.string().regex(/^\d+(\.\d+)?\s*([kKmMgGtT]?[bB]|[kKmMgGtT][iI][bB])?$/),
      ]);
  }
}
