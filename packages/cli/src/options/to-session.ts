import {
  CAPTURE_METHODS,
  type CaptureMethod,
  DUMP_KINDS,
  type DumpKind,
  mergeOptions,
  type OptionValues,
} from '@firstchance/model';
import { DEFAULT_OPTIONS, type SessionOptions } from '@firstchance/session';

/** What a session is told: the values given, else the table's defaults. */
export function sessionOptions(given: OptionValues): SessionOptions {
  const values = mergeOptions({}, given);
  const number = (name: string, fallback: number) => {
    const value = values[name];
    return typeof value === 'number' ? value : fallback;
  };
  const patterns = list(values.filter);
  const { exceptions, dump } = values;
  return {
    firstChance: exceptions === 'first-chance',
    unhandled: exceptions !== 'none',
    exit: values.atExit === true,
    log: values.log === true,
    include: patterns.filter((pattern) => !pattern.startsWith('!')),
    exclude: patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1)),
    dump: isDumpKind(dump)
      ? {
          // Nobody named a kind: of a large heap the part near the exception will do.
          kind: given.dump === undefined ? 'auto' : dump,
          compression: values.raw === true ? 'none' : 'zstd',
          ...(typeof values.compressionThreads === 'number' ? { threads: values.compressionThreads } : {}),
        }
      : null,
    ...(isMethod(values.captureMethod) ? { captureMethod: values.captureMethod } : {}),
    count: number('count', DEFAULT_OPTIONS.count),
    perPlace: number('perPlace', DEFAULT_OPTIONS.perPlace),
    perType: number('perType', DEFAULT_OPTIONS.perType),
    perTest: number('perTest', 0),
    stacks: values.stacks === true,
    keep: values.keep === 'all' ? 'all' : 'failed',
    maxDiskBytes: number('maxDisk', DEFAULT_OPTIONS.maxDiskBytes),
    keepSessions: number('keepSessions', DEFAULT_OPTIONS.keepSessions),
    ...(values.ledger === true ? { ledger: true } : {}),
    ...(typeof values.ledgerBudget === 'number' ? { ledgerBudgetBytes: values.ledgerBudget } : {}),
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

function isDumpKind(value: unknown): value is DumpKind {
  return DUMP_KINDS.some((kind) => kind === value);
}

function isMethod(value: unknown): value is CaptureMethod {
  return CAPTURE_METHODS.some((method) => method === value);
}
