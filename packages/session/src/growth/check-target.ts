import type { SessionListener, SessionPorts } from '../ports.ts';
import { commandEnvironment } from '../run/run-command.ts';
import { Session, type SessionEnd } from '../session.ts';
import type { SessionPlan } from '../session-plan.ts';
import { type CheckJudging, checkPlan } from './check-process.ts';
import type { FinishedCheck } from './growth-checks.ts';
import { makeOperation, type OperationSpec, operationName } from './operation/operation-spec.ts';
import { CheckFailure } from './run/check-failure.ts';
import type { CheckProgress } from './run/execute-plan.ts';
import { failureOf } from './run/failure-of.ts';
import { attachTarget } from './target/attached-target.ts';
import type { HostedTarget } from './target/hosted-target.ts';
import { launchTarget } from './target/launched-target.ts';
import { notMeasuredNotes } from './target/not-measured.ts';

/** What is checked: a program that is started for it, or a process that runs. */
export type TargetSpec =
  | {
      readonly kind: 'launch';
      readonly command: readonly string[];
      readonly readyUrl: string | undefined;
      readonly readyTimeoutMs: number;
    }
  | { readonly kind: 'attach'; readonly pid: number };

export interface CheckListener extends SessionListener {
  onOpen?(session: Session): void;
  onOutput?(stream: 'stdout' | 'stderr', chunk: Buffer): void;
  /** The target is ready, its first round comes next. */
  onReady?(target: { readonly pid: number; readonly name: string }): void;
  onCheckProgress?(progress: CheckProgress): void;
}

export interface CheckTargetRequest extends CheckJudging {
  readonly plan: SessionPlan;
  readonly ports: SessionPorts;
  readonly listener: CheckListener;
  readonly environment: NodeJS.ProcessEnv;
  readonly workingFolder: string;
  readonly logFile?: string;
  readonly target: TargetSpec;
  readonly operation: OperationSpec;
  readonly signal: AbortSignal;
}

export interface CheckedTarget {
  readonly finished: FinishedCheck;
  readonly end: SessionEnd;
}

/**
 * One growth check from the start of its target to the last record. A target that was started is ended, whatever happens.
 * @throws TargetError when the command does not start: that is wrong usage, no verdict; the session is closed by then
 */
export async function checkTarget(request: CheckTargetRequest): Promise<CheckedTarget> {
  const { plan, ports, listener, signal } = request;
  const session = await Session.open(plan, ports, listener);
  listener.onOpen?.(session);
  try {
    const finished = await check(session, request);
    return { finished, end: await session.close(0, signal.aborted ? signal : undefined, finished.reason) };
  } catch (error) {
    await session.close(64);
    throw error;
  }
}

async function check(session: Session, request: CheckTargetRequest): Promise<FinishedCheck> {
  const { operation: spec, listener, signal } = request;
  const judging = checkPlan(request);
  let host: HostedTarget;
  try {
    host = await hostTarget(session, request);
  } catch (error) {
    // What the person asked for cannot be started at all: a sentence about that, no verdict about memory.
    if (!(error instanceof CheckFailure) && !signal.aborted) throw error;
    return await session.checks.refuse({ name: operationName(spec), ...judging }, asFailure(error, signal));
  }
  await using target = host;
  const { pid, name, runtime, origin, ended, others } = target;
  await using operation = makeOperation(spec, {
    ...{ pid, origin, environment: request.environment, folder: request.workingFolder },
  });
  listener.onReady?.({ pid, name });
  return await session.checks.run({
    ...{ target: { pid, name, runtime }, operation, ...judging },
    notesAtEnd: () => notMeasuredNotes(others?.() ?? []),
    onProgress: (progress) => listener.onCheckProgress?.(progress),
    signal: AbortSignal.any([signal, ended]),
  });
}

async function hostTarget(session: Session, request: CheckTargetRequest): Promise<HostedTarget> {
  const { target, operation, ports, listener, signal } = request;
  const { describe } = ports;
  if (target.kind === 'attach') {
    const needsOrigin = operation.kind === 'request' && operation.template.url.startsWith('/');
    return await attachTarget(session, { pid: target.pid, needsOrigin, describe });
  }
  session.starting(request.environment);
  return await launchTarget(session, {
    command: target.command,
    environment: await commandEnvironment(request, session),
    ...{ folder: request.workingFolder, operation, describe, signal },
    ...{ readyUrl: target.readyUrl, readyTimeoutMs: target.readyTimeoutMs },
    onOutput: (stream, chunk) => listener.onOutput?.(stream, chunk),
  });
}

function asFailure(error: unknown, signal: AbortSignal): CheckFailure {
  return error instanceof CheckFailure ? error : failureOf('Starting the growth check', error, signal);
}
