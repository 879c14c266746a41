import type { Conclusion, GrowthPlan, MeasuringStep, Progress } from '@firstchance/growth';
import { uncertainStrings } from '../kept-by-runtime.ts';
import type { Operation } from '../operation/operation.ts';
import { CheckFailure } from './check-failure.ts';
import { failureOf } from './failure-of.ts';
import { FinalizerWait } from './finalizer-wait.ts';
import { type ReadingContext, takeReading } from './take-reading.ts';
import { UsualRound } from './usual-round.ts';

export interface CheckProgress extends Omit<Progress, 'phase'> {
  /** allocations: the verdict stands, who allocates what grows is being found out. */
  readonly phase: Progress['phase'] | 'allocations';
  readonly elapsedMs: number;
  /** What is left by what it took so far; null before anything was done. */
  readonly leftMs: number | null;
}

export interface ExecutionContext extends ReadingContext {
  readonly plan: GrowthPlan;
  readonly operation: Operation;
  /** Where heap files go; both exist, absolute, 0700. */
  readonly graphFolders: { readonly before: string; readonly after: string };
  readonly onProgress: (progress: CheckProgress) => void;
}

export interface Execution {
  readonly conclusion: Conclusion;
  /** Why it could not be done to its end. */
  readonly failure: CheckFailure | undefined;
  /** Heap files were written; so many operations lie between them. */
  readonly graphs: { readonly operations: number } | undefined;
}

/**
 * Does what the plan says, step by step, until it has its verdict. A target that ends, operations that fail and readings that
 * cannot be taken end it early.
 * @param signal its reason says who stopped it: a CheckFailure, or anything else for "cancelled"
 */
export async function executePlan(context: ExecutionContext, signal: AbortSignal): Promise<Execution> {
  const { plan, clock, onProgress } = context;
  const usual = new UsualRound();
  const reading = { ...context, finalizerWait: new FinalizerWait() };
  const started = clock.now();
  let sinceGraph: number | undefined;
  let graphs: Execution['graphs'];
  try {
    for (;;) {
      const elapsedMs = clock.now() - started;
      const step = plan.next(elapsedMs);
      onProgress(withTimes(plan.progress(), elapsedMs));
      if (step.kind === 'end') break;
      const durationMs = await work(context, step, usual, signal);
      const first = sinceGraph === undefined && step.phase === 'measure';
      const folder = first ? context.graphFolders.before : undefined;
      plan.add(step, await takeReading(reading, durationMs, signal, folder));
      if (first) sinceGraph = 0;
      else if (sinceGraph !== undefined) sinceGraph += step.dose;
    }
    if (sinceGraph !== undefined && wantsPaths(plan.conclude())) {
      await takeReading(reading, 0, signal, context.graphFolders.after);
      graphs = { operations: sinceGraph };
    }
    return { conclusion: plan.conclude(), failure: undefined, graphs };
  } catch (error) {
    return {
      conclusion: plan.conclude(),
      failure: failureOf('Doing the growth check', error, signal),
      graphs: undefined,
    };
  }
}

function wantsPaths(conclusion: Conclusion): boolean {
  return conclusion.growth.length > 0 || uncertainStrings(conclusion).length > 0;
}

/** The operations of one step. @returns how long they took, or the wait of a round without */
async function work(
  context: ExecutionContext,
  step: MeasuringStep,
  usual: UsualRound,
  signal: AbortSignal,
): Promise<number> {
  const { clock, operation, subject } = context;
  if (step.kind === 'idle') await clock.wait(step.waitMs, signal);
  const began = clock.now();
  if (step.dose === 0) await clock.wait(usual.durationMs, signal);
  else {
    const { done, failed, example = '' } = await operation.run(step.dose, signal);
    if (failed > 0) {
      throw new CheckFailure('operation-failed', {
        what: `Doing ${step.dose === 1 ? '1 operation' : `${step.dose} operations`} on ${subject} in round ${step.index} (${step.kind === 'idle' ? 'after the rest' : step.phase})`,
        why: `${failed} of ${done + failed} failed: ${example}`,
        cure: 'make the operation succeed whenever it is repeated; a verdict on work that was not done would mean nothing',
      });
    }
  }
  const durationMs = clock.now() - began;
  if (step.kind === 'round') usual.add(step.dose, durationMs);
  return durationMs;
}

function withTimes(progress: Progress, elapsedMs: number): CheckProgress {
  const { done, expected } = progress;
  const leftMs = done === 0 ? null : (elapsedMs / done) * Math.max(0, expected - done);
  return { ...progress, elapsedMs, leftMs };
}
