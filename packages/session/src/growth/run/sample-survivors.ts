import type { SurvivorReport } from '@firstchance/engine';
import type { Conclusion } from '@firstchance/growth';
import { toProblem } from '../../problems/problem.ts';
import type { Operation } from '../operation/operation.ts';
import { type SamplingDose, samplingDose } from './sampling-dose.ts';
import { type ReadingContext, SETTLE_MS } from './take-reading.ts';

const ANSWER_LIMIT_MS = 5_000;
const REPORT_LIMIT_MS = 15_000;

export interface SamplingContext extends ReadingContext {
  readonly operation: Operation;
  /** It begins, and takes about so long. */
  readonly onSampling: (limitMs: number) => void;
}

/**
 * Does more of what lets the program grow while the agent samples allocations, and says which of them survive. The verdict
 * stands by then: whatever goes wrong is a note, and undefined.
 */
export async function sampleSurvivors(
  context: SamplingContext,
  conclusion: Conclusion,
  signal: AbortSignal,
): Promise<SurvivorReport | undefined> {
  const { engine, pid, clock, note, onSampling } = context;
  const dose = samplingDose(conclusion);
  if (!engine.sampling || !dose || signal.aborted) return undefined;
  const { sampling } = engine;
  onSampling(dose.limitMs);
  try {
    await sampling.start(pid, { signal, timeoutMs: ANSWER_LIMIT_MS });
    await work(context, dose, signal);
    await clock.wait(SETTLE_MS, signal);
    return await sampling.report(pid, { signal, timeoutMs: REPORT_LIMIT_MS });
  } catch (error) {
    // `unsupported`: it did not begin, and the sampling that runs may be another's.
    if ((error as { code?: unknown }).code !== 'unsupported')
      await sampling.stop(pid, { timeoutMs: ANSWER_LIMIT_MS }).catch(() => {});
    const { why } = toProblem('Sampling allocations', '', error);
    note(`who allocates what grows is not known: ${signal.aborted ? 'the check was ended meanwhile' : why}`);
    return undefined;
  }
}

/**
 * Operations that fail now change nothing: what was done until then has been sampled.
 * @returns operations done
 */
export async function work(
  { clock, operation }: Pick<SamplingContext, 'clock' | 'operation'>,
  { operations, each, limitMs }: SamplingDose,
  signal: AbortSignal,
): Promise<number> {
  if (operations === 0) {
    await clock.wait(limitMs, signal);
    return 0;
  }
  const end = clock.now() + limitMs;
  let left = operations;
  while (left > 0 && clock.now() < end) {
    const count = Math.min(left, each);
    if ((await operation.run(count, signal)).failed > 0) break;
    left -= count;
  }
  return operations - left;
}
