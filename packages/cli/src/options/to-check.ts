import type { GrowthPlanOptions } from '@firstchance/growth';
import { mergeOptions, type OptionValues, UsageError } from '@firstchance/model';
import type { CheckJudging, OperationSpec, TargetSpec } from '@firstchance/session';
import { requirePid } from '../commands/pid.ts';
import { numberOf, textOf } from './given.ts';
import { operationLimit, requestOperation } from './request-operation.ts';

/** Usual time in which a program frees things by itself, in ms. */
const IDLE_MS = 4_000;
/** Seeds are shown to people and typed by them. */
const SEEDS = 1_000_000;

/** What a growth check is told. */
export interface CheckOptions extends CheckJudging {
  readonly target: TargetSpec;
  readonly operation: OperationSpec;
  readonly suppressions: string | undefined;
  readonly baseline: string | undefined;
  readonly writeBaseline: boolean;
}

/** @throws UsageError that names the option */
export function checkOptions(given: OptionValues, command: readonly string[]): CheckOptions {
  const values = mergeOptions({}, given);
  const writeBaseline = values.writeBaseline === true;
  const baseline = textOf(values.baseline);
  if (writeBaseline && baseline === undefined)
    throw new UsageError('--write-baseline needs a file to write: --baseline FILE');
  return {
    target: targetOf(values, command),
    operation: operationOf(values),
    ...judging(values),
    // A program that we have started is ours to change for a moment.
    nativeStacks: values.nativeStacks === 'on' || (values.nativeStacks !== 'off' && values.attach === undefined),
    suppressions: textOf(values.suppressions),
    ...{ baseline, writeBaseline },
  };
}

/** How a check is judged, of a program that others have started. */
export function judging(values: OptionValues): CheckJudging {
  const { onInconclusive } = values;
  return {
    growth: growthPlanOptions(values),
    collect: values.gc !== false,
    allocations: values.allocations !== false,
    nativeStacks: values.nativeStacks === 'on',
    ...(onInconclusive === 'fail' || onInconclusive === 'warn' ? { onInconclusive } : {}),
  };
}

/** The part of the options that statistics work with. */
function growthPlanOptions(values: OptionValues): GrowthPlanOptions {
  return {
    mode: values.thorough === true ? 'thorough' : 'quick',
    seed: numberOf(values.seed) ?? Math.floor(Math.random() * SEEDS),
    idleMs: numberOf(values.idle) ?? IDLE_MS,
    ...optional('dose', values.dose),
    ...optional('rounds', values.rounds),
    ...optional('surge', values.surge),
    ...optional('budgetBytesPerOperation', values.budget),
  };
}

function targetOf(values: OptionValues, command: readonly string[]): TargetSpec {
  const pid = numberOf(values.attach);
  if (pid !== undefined && command.length > 0)
    throw new UsageError(
      '--attach names a process that runs, and a command was given too: only one of them can be checked',
    );
  if (pid !== undefined) return { kind: 'attach', pid: requirePid(String(pid)) };
  if (command.length === 0)
    throw new UsageError(
      "no program was given; write it last: firstchance check --op 'GET /orders' -- dotnet app.dll, or --attach PID",
    );
  const readyUrl = textOf(values.ready);
  if (readyUrl !== undefined && !/^(https?:\/)?\//.test(readyUrl))
    throw new UsageError(
      `--ready is "${readyUrl}"; write a path like /health or a URL like http://127.0.0.1:5000/health`,
    );
  if (readyUrl !== undefined && !readyUrl.startsWith('/') && !URL.canParse(readyUrl))
    throw new UsageError(`--ready is "${readyUrl}"; that is no URL`);
  return { kind: 'launch', command, readyUrl, readyTimeoutMs: numberOf(values.readyTimeout) ?? 60_000 };
}

function operationOf(values: OptionValues): OperationSpec {
  const [op, command] = [textOf(values.op), textOf(values.opCommand)];
  if (op !== undefined && command !== undefined)
    throw new UsageError('--op and --op-command were given: an operation is one or the other');
  if (command !== undefined) return { kind: 'command', text: command, timeoutMs: operationLimit(values) };
  if (op === undefined)
    throw new UsageError("no operation was given; write for example --op 'POST /orders' or --op-command './order.sh'");
  return requestOperation(op, values);
}

function optional<K extends string>(key: K, value: unknown): { [P in K]?: number } {
  return typeof value === 'number' ? ({ [key]: value } as { [P in K]?: number }) : {};
}
