import { type GrowthCheck, IN_PROJECT, mergeOptions, type OptionValues, type Verdict } from '@firstchance/model';
import { checkLines, plainStyle } from '@firstchance/report';
import { type CheckProgress, checkTarget, type OperationSpec, type TargetSpec } from '@firstchance/session';
import { acceptance } from '../check/acceptance.ts';
import { requirePid } from '../commands/pid.ts';
import { textOf } from '../options/given.ts';
import { operationLimit, requestOperation } from '../options/request-operation.ts';
import { judging } from '../options/to-check.ts';
import { inLocale } from '../terminal/characters.ts';
import { type Common, prepare } from './prepare.ts';

/** A process that runs, by pid; or a command that is started for the check, and ended after it. */
export type GrowthTarget =
  | number
  | { readonly pid: number }
  | {
      readonly command: readonly string[] /** Answers with success when the program is ready. */;
      readonly ready?: string;
    };

/** A function that does one operation (it gets a signal that is aborted when it takes too long), or a request: 'POST /orders'. */
export type GrowthOperation = string | ((signal: AbortSignal) => unknown);

export interface GrowthOptions extends Common {
  /** Names the check in results and baselines; without it the request, or the function's name. */
  readonly name?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: CheckProgress) => void;
}

/** A check that was done: what it found, whether that fails, where its evidence lies. */
export interface CheckedGrowth {
  readonly check: GrowthCheck;
  /** By the verdict, and for INCONCLUSIVE by mode and `onInconclusive`. */
  readonly passed: boolean;
  /** The exit code `firstchance check` would have. */
  readonly exitCode: number;
  /** Session folder, absolute. */
  readonly folder: string;
  /** checks/….json in it, absolute. */
  readonly evidence: string;
}

/** Something grows, or it could not be found out. The message is what the terminal would show. */
export class GrowthError extends Error {
  override readonly name = 'GrowthError';
  readonly code: Verdict;
  readonly check: GrowthCheck;
  readonly folder: string;

  constructor({ check, folder, evidence }: CheckedGrowth) {
    const style = plainStyle(MESSAGE_COLUMNS, false, { command: IN_PROJECT, options: 'javascript' });
    super(inLocale([...checkLines(check, style), `evidence: ${evidence}`].join('\n'), process.env));
    this.code = check.verdict;
    this.check = check;
    this.folder = folder;
  }
}

/** Test runners indent messages. */
const MESSAGE_COLUMNS = 110;

/**
 * Repeats an operation on a .NET process and finds out whether it leaks, as `firstchance check` does.
 * Never rejects for what it finds, nor when it could not find out (INFRASTRUCTURE_ERROR).
 * @throws UsageError for options, targets or requests that cannot be; TargetError when a command does not start
 */
export async function checkGrowth(
  target: GrowthTarget,
  operation: GrowthOperation,
  options: GrowthOptions = {},
): Promise<CheckedGrowth> {
  const { environment = process.env, folder: workingFolder = process.cwd(), listener = {}, onProgress } = options;
  const { signal = new AbortController().signal } = options;
  const targetSpec = specOf(target);
  const command = targetSpec.kind === 'launch' ? targetSpec.command : ['check', '--attach', String(targetSpec.pid)];
  const { plan, ports, folder: held, values: given } = prepare(options, command);
  using _held = held;
  const values = mergeOptions({}, given);
  const { accept, warnings } = acceptance(
    { suppressions: textOf(values.suppressions), baseline: textOf(values.baseline), writeBaseline: false },
    workingFolder,
  );
  const { finished, end } = await checkTarget({
    ...{ plan, ports, environment, workingFolder, signal, target: targetSpec },
    listener: { ...listener, onCheckProgress: (progress) => onProgress?.(progress) },
    operation: operationOf(operation, values, options.name),
    ...judging(values),
    accept: (check) => accept(named(check, warnings)),
  });
  const { check, id } = finished;
  const evidence = `${plan.folder}/checks/${id}.json`;
  return { check, passed: finished.code === 0, exitCode: end.exitCode, folder: plan.folder, evidence };

  function named(check: GrowthCheck, notes: readonly string[]): GrowthCheck {
    const named = options.name === undefined ? check : { ...check, name: options.name };
    return notes.length === 0 ? named : { ...named, notes: [...(named.notes ?? []), ...notes] };
  }
}

/**
 * The same as an assertion: resolves with the check that passed.
 * @throws GrowthError when something grows, or when that could not be found out
 */
export async function expectNoGrowth(
  target: GrowthTarget,
  operation: GrowthOperation,
  options: GrowthOptions = {},
): Promise<GrowthCheck> {
  const checked = await checkGrowth(target, operation, options);
  if (!checked.passed) throw new GrowthError(checked);
  return checked.check;
}

function specOf(target: GrowthTarget): TargetSpec {
  if (typeof target === 'number') return { kind: 'attach', pid: requirePid(String(target)) };
  if ('pid' in target) return { kind: 'attach', pid: requirePid(String(target.pid)) };
  return { kind: 'launch', command: target.command, readyUrl: target.ready, readyTimeoutMs: READY_MS };
}

function operationOf(operation: GrowthOperation, values: OptionValues, name: string | undefined): OperationSpec {
  if (typeof operation === 'string') return requestOperation(operation, values);
  const timeoutMs = operationLimit(values);
  return { kind: 'callback', name: name ?? (operation.name || 'operation'), call: operation, timeoutMs };
}

const READY_MS = 60_000;
