import { DEFAULT_OPTIONS, type SessionOptions } from '@firstchance/session';
import { OPTIONS, type OptionValues, parseValue } from './table.ts';

/** The table's defaults, parsed. */
export function defaultValues(): OptionValues {
  return Object.fromEntries(
    OPTIONS.flatMap((option) => {
      if (option.default === undefined) return [];
      return [[option.name, typeof option.default === 'string' ? parseValue(option, option.default) : option.default]];
    }),
  );
}

/**
 * What a session is told. Given values come from the command line before the configuration file before the defaults.
 * With a COUNT given, every match counts, as in MiniDumper: the limits per place and per type are then off unless given too.
 */
export function sessionOptions(given: OptionValues): SessionOptions {
  const values = { ...defaultValues(), ...given };
  const number = (name: string, fallback: number) => {
    const value = values[name];
    return typeof value === 'number' ? value : fallback;
  };
  const everyMatch = given.count !== undefined;
  const patterns = list(values.filter);
  const { exceptions, dump } = values;
  return {
    firstChance: exceptions === 'first-chance',
    unhandled: exceptions !== 'none',
    exit: values.atExit === true,
    log: values.log === true,
    include: patterns.filter((pattern) => !pattern.startsWith('!')),
    exclude: patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1)),
    dump: isDumpKind(dump) ? { kind: dump, compression: values.raw === true ? 'none' : 'zstd' } : null,
    count: number('count', DEFAULT_OPTIONS.count),
    perPlace: everyMatch && given.perPlace === undefined ? 0 : number('perPlace', DEFAULT_OPTIONS.perPlace),
    perType: everyMatch && given.perType === undefined ? 0 : number('perType', DEFAULT_OPTIONS.perType),
    perTest: number('perTest', 0),
    stacks: values.stacks === true,
    keep: values.keep === 'all' ? 'all' : 'failed',
    maxDiskBytes: number('maxDisk', DEFAULT_OPTIONS.maxDiskBytes),
    keepSessions: number('keepSessions', DEFAULT_OPTIONS.keepSessions),
    requireCapture: values.requireCapture === true,
    scrubEnvironment: values.scrubEnv === true,
    allowEnvironment: list(values.allowEnv),
    ...(typeof values.deadline === 'number' ? { deadlineMs: values.deadline } : {}),
    ...(typeof values.perTestDeadline === 'number' ? { perTestDeadlineMs: values.perTestDeadline } : {}),
    ...(typeof values.minMemory === 'number' ? { minMemoryMB: values.minMemory } : {}),
    ...(typeof values.maxMemory === 'number' ? { maxMemoryMB: values.maxMemory } : {}),
    ...(typeof values.output === 'string' ? { folder: values.output } : {}),
  };
}

function list(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

function isDumpKind(value: unknown): value is 'mini' | 'heap' | 'full' {
  return value === 'mini' || value === 'heap' || value === 'full';
}
