import { errorCode } from '@firstchance/model';
import { toProblem } from '../../problems/problem.ts';
import type { Operation } from '../operation/operation.ts';
import type { Sampling } from '../ports.ts';
import type { SamplingDose } from './sampling-dose.ts';
import { type ReadingContext, SETTLE_MS } from './take-reading.ts';

const ANSWER_LIMIT_MS = 5_000;
const REPORT_LIMIT_MS = 15_000;

export interface SamplingContext extends ReadingContext {
  readonly operation: Operation;
  /** It begins, and takes about so long. */
  readonly onSampling: (limitMs: number) => void;
}

/** What a sampling has told, and what was done meanwhile. */
export interface Sampled<Report> {
  readonly report: Report;
  readonly operations: number;
  readonly seconds: number;
}

/**
 * Does more of what lets the program grow while the agent samples. The verdict stands by then: whatever goes wrong, the end of
 * the program included, is a note, and undefined.
 * @param what nobody is known to allocate when it goes wrong
 */
export async function underSampling<Report>(
  context: SamplingContext,
  sampling: Sampling<Report>,
  dose: SamplingDose,
  what: string,
  signal: AbortSignal,
): Promise<Sampled<Report> | undefined> {
  const { pid, clock, note, onSampling } = context;
  onSampling(dose.limitMs);
  try {
    await sampling.start(pid, { signal, timeoutMs: ANSWER_LIMIT_MS });
    const start = clock.now();
    const operations = await work(context, dose, signal);
    await clock.wait(SETTLE_MS, signal);
    const seconds = (clock.now() - start) / 1000;
    return { report: await sampling.report(pid, { signal, timeoutMs: REPORT_LIMIT_MS }), operations, seconds };
  } catch (error) {
    // `unsupported`: it did not begin, and the sampling that runs may be another's.
    if (errorCode(error) !== 'unsupported') await sampling.stop(pid, { timeoutMs: ANSWER_LIMIT_MS }).catch(() => {});
    const { why } = toProblem('Sampling', '', error);
    note(`who allocates ${what} is not known: ${signal.aborted ? 'the check was ended meanwhile' : why}`);
    return undefined;
  }
}

/**
 * Operations that fail now change nothing: what was done until then has been sampled.
 * @returns operations done
 */
async function work(
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
