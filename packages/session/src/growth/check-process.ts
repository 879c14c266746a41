import type { GrowthPlanOptions } from '@firstchance/growth';
import type { SessionPorts } from '../ports.ts';
import type { Session } from '../session.ts';
import type { CheckPlan, FinishedCheck } from './growth-checks.ts';
import type { Operation } from './operation/operation.ts';
import { makeOperation, type OperationSpec, operationName } from './operation/operation-spec.ts';
import { CheckFailure } from './run/check-failure.ts';
import type { CheckProgress } from './run/execute-plan.ts';
import { attachTarget } from './target/attached-target.ts';

/** How a check is judged. */
export interface CheckJudging extends Omit<CheckPlan, 'plan'> {
  readonly growth: GrowthPlanOptions;
}

/** What of a request is about the judgement. */
export function checkPlan(request: CheckJudging): CheckPlan {
  const { growth, collect, allocations, nativeStacks, accept, onInconclusive } = request;
  return {
    ...{ plan: growth, collect },
    ...(allocations === undefined ? {} : { allocations }),
    ...(nativeStacks === undefined ? {} : { nativeStacks }),
    ...(accept ? { accept } : {}),
    ...(onInconclusive ? { onInconclusive } : {}),
  };
}

export interface CheckProcessRequest extends CheckJudging {
  readonly pid: number;
  /** Done by us, or by whoever implements it. */
  readonly operation: OperationSpec | Operation;
  readonly onProgress?: (progress: CheckProgress) => void;
  readonly signal: AbortSignal;
}

/** A growth check on a process of a session that goes on: it is left running. Never throws for what can go wrong on the way. */
export async function checkProcess(
  session: Session,
  { describe }: Pick<SessionPorts, 'describe'>,
  request: CheckProcessRequest,
): Promise<FinishedCheck> {
  const { pid, operation: asked, signal, onProgress } = request;
  const judging = checkPlan(request);
  const needsOrigin = 'kind' in asked && asked.kind === 'request' && asked.template.url.startsWith('/');
  try {
    await using target = await attachTarget(session, { pid, needsOrigin, describe });
    const { origin, ended, name, runtime } = target;
    const surroundings = { pid, origin, environment: process.env, folder: session.plan.folder };
    await using operation = 'kind' in asked ? makeOperation(asked, surroundings) : asked;
    return await session.checks.run({
      ...{ target: { pid, name, runtime }, operation, ...judging, ...(onProgress ? { onProgress } : {}) },
      signal: AbortSignal.any([signal, ended]),
    });
  } catch (error) {
    const name = 'kind' in asked ? operationName(asked) : asked.name;
    return await session.checks.refuse(
      { name, ...judging },
      CheckFailure.of('census-failed', `Starting the growth check on process ${pid}`, error),
    );
  }
}
