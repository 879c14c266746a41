import { randomUUID } from 'node:crypto';
import type { Verdict } from '@firstchance/model';
import { FirstchanceError } from '@firstchance/model/options';
import type { OperationDone } from '../wire/requests.ts';
import type { FinishedGrowthCheck } from '../wire/values.ts';
import type { SessionClient } from './session-client.ts';

/** Options of the configuration file's growth group; times in ms or as "4s". */
export interface GrowthOptions {
  /** Names the check in results and baselines; default the operation's name. */
  readonly name?: string;
  readonly thorough?: boolean;
  readonly rounds?: number;
  readonly dose?: number;
  readonly surge?: number;
  readonly budget?: string;
  readonly idle?: string | number;
  readonly seed?: number;
  readonly gc?: boolean;
  readonly allocations?: boolean;
  readonly nativeStacks?: 'auto' | 'on' | 'off';
  readonly onInconclusive?: 'fail' | 'warn';
  readonly suppressions?: string;
  readonly baseline?: string;
  readonly signal?: AbortSignal;
}

/** One operation on the program under test: a function, or a request that the server does ('GET /orders'). */
export type GrowthOperation = string | (() => unknown);

/** Something grows, or it could not be found out. The message is what the terminal would show. */
export class GrowthError extends FirstchanceError {
  override readonly name = 'GrowthError';
  declare readonly code: Verdict;
  readonly check: FinishedGrowthCheck;

  constructor(check: FinishedGrowthCheck) {
    super({ code: check.verdict, what: check.verdict, why: check.reason });
    this.message = `${check.text}\nevidence: ${check.evidence}`;
    this.check = check;
  }
}

/** A dose is not tried to its end when operations fail. */
const ENOUGH_FAILURES = 3;

/**
 * Repeats an operation and finds out whether the process grows with it. Never rejects for what it finds.
 * @throws FirstchanceError for options that are none, SessionError when there is no session
 */
export async function checkGrowth(
  session: SessionClient,
  pid: number,
  operation: GrowthOperation,
  { name, signal, ...options }: GrowthOptions = {},
): Promise<FinishedGrowthCheck> {
  const checkId = randomUUID();
  const cancel = () => void session.request('check/close', { checkId }).catch(() => {});
  signal?.addEventListener('abort', cancel, { once: true });
  using _operations =
    typeof operation === 'string'
      ? undefined
      : session.runOperations(checkId, (count) => repeat(operation, count, signal));
  try {
    const check = session.request('check/start', {
      ...{ checkId, pid, name: name ?? nameOf(operation), options },
      ...(typeof operation === 'string' ? { operation } : {}),
    });
    // It was aborted before: there is a check to cancel only now.
    if (signal?.aborted) cancel();
    return await check;
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}

/** @throws GrowthError when something grows, or when that could not be found out */
export async function expectNoGrowth(...request: Parameters<typeof checkGrowth>): Promise<FinishedGrowthCheck> {
  const check = await checkGrowth(...request);
  if (!check.passed) throw new GrowthError(check);
  return check;
}

/** @param signal aborted: nobody wants the rest, and what the operation needs may be gone */
async function repeat(operation: () => unknown, count: number, signal?: AbortSignal): Promise<OperationDone> {
  let [done, failed] = [0, 0];
  let example: string | undefined;
  while (done + failed < count && failed < ENOUGH_FAILURES && !signal?.aborted) {
    try {
      await operation();
      done += 1;
    } catch (error) {
      failed += 1;
      example ??= error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    }
  }
  return { done, failed, ...(example === undefined ? {} : { example: example.slice(0, 10_000) }) };
}

function nameOf(operation: GrowthOperation): string {
  const name = typeof operation === 'string' ? operation : operation.name;
  return (name === '' ? 'operation' : name).slice(0, 1_000);
}
