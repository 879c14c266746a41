import type { GrowthPlanOptions } from '@firstchance/growth';
import { mergeOptions, type OptionValues, UsageError } from '@firstchance/model';
import {
  type OperationSpec,
  parseExpectedStatus,
  parseHeader,
  parseRequest,
  type TargetSpec,
} from '@firstchance/session';
import { requirePid } from '../commands/pid.ts';

/** Usual time in which a program frees things by itself, in ms. */
const IDLE_MS = 4_000;
/** Seeds are shown to people and typed by them. */
const SEEDS = 1_000_000;

/** What a growth check is told. */
export interface CheckOptions {
  readonly target: TargetSpec;
  readonly operation: OperationSpec;
  readonly growth: GrowthPlanOptions;
  readonly collect: boolean;
  readonly allocations: boolean;
  readonly nativeStacks: boolean;
  readonly onInconclusive: 'fail' | 'warn' | undefined;
  readonly suppressions: string | undefined;
  readonly baseline: string | undefined;
  readonly writeBaseline: boolean;
}

/** @throws UsageError that names the option */
export function checkOptions(given: OptionValues, command: readonly string[]): CheckOptions {
  const values = mergeOptions({}, given);
  const writeBaseline = values.writeBaseline === true;
  const baseline = text(values.baseline);
  if (writeBaseline && baseline === undefined)
    throw new UsageError('--write-baseline needs a file to write: --baseline FILE');
  return {
    target: targetOf(values, command),
    operation: operationOf(values),
    growth: growthPlanOptions(values),
    collect: values.gc !== false,
    allocations: values.allocations !== false,
    // A program that we have started is ours to change for a moment.
    nativeStacks: values.nativeStacks === 'on' || (values.nativeStacks !== 'off' && values.attach === undefined),
    onInconclusive: onInconclusive(values.onInconclusive),
    suppressions: text(values.suppressions),
    ...{ baseline, writeBaseline },
  };
}

/** The part of the options that statistics work with. */
export function growthPlanOptions(values: OptionValues): GrowthPlanOptions {
  return {
    mode: values.thorough === true ? 'thorough' : 'quick',
    seed: number(values.seed) ?? Math.floor(Math.random() * SEEDS),
    idleMs: number(values.idle) ?? IDLE_MS,
    ...optional('dose', values.dose),
    ...optional('rounds', values.rounds),
    ...optional('surge', values.surge),
    ...optional('budgetBytesPerOperation', values.budget),
  };
}

function targetOf(values: OptionValues, command: readonly string[]): TargetSpec {
  const pid = number(values.attach);
  if (pid !== undefined && command.length > 0)
    throw new UsageError(
      '--attach names a process that runs, and a command was given too: only one of them can be checked',
    );
  if (pid !== undefined) return { kind: 'attach', pid: requirePid(String(pid)) };
  if (command.length === 0)
    throw new UsageError(
      "no program was given; write it last: firstchance check --op 'GET /orders' -- dotnet app.dll, or --attach PID",
    );
  const readyUrl = text(values.ready);
  if (readyUrl !== undefined && !/^(https?:\/)?\//.test(readyUrl))
    throw new UsageError(
      `--ready is "${readyUrl}"; write a path like /health or a URL like http://127.0.0.1:5000/health`,
    );
  if (readyUrl !== undefined && !readyUrl.startsWith('/') && !URL.canParse(readyUrl))
    throw new UsageError(`--ready is "${readyUrl}"; that is no URL`);
  return { kind: 'launch', command, readyUrl, readyTimeoutMs: number(values.readyTimeout) ?? 60_000 };
}

function operationOf(values: OptionValues): OperationSpec {
  const [op, command] = [text(values.op), text(values.opCommand)];
  const timeoutMs = number(values.opTimeout) ?? 30_000;
  if (op !== undefined && command !== undefined)
    throw new UsageError('--op and --op-command were given: an operation is one or the other');
  if (command !== undefined) return { kind: 'command', text: command, timeoutMs };
  if (op === undefined)
    throw new UsageError("no operation was given; write for example --op 'POST /orders' or --op-command './order.sh'");
  const headers = Array.isArray(values.opHeader) ? values.opHeader.map(String).map(parseHeader) : [];
  const expect = text(values.opExpect);
  return {
    ...{ kind: 'request', template: parseRequest(op), headers, timeoutMs },
    ...(expect === undefined ? {} : { expect: parseExpectedStatus(expect) }),
  };
}

function optional<K extends string>(key: K, value: unknown): { [P in K]?: number } {
  return typeof value === 'number' ? ({ [key]: value } as { [P in K]?: number }) : {};
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function onInconclusive(value: unknown): 'fail' | 'warn' | undefined {
  return value === 'fail' || value === 'warn' ? value : undefined;
}
