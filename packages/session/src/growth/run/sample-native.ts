import type { NativeReport } from '@firstchance/engine';
import type { Conclusion } from '@firstchance/growth';
import { toProblem } from '../../problems/problem.ts';
import { nativeDose } from './native-dose.ts';
import { type SamplingContext, work } from './sample-survivors.ts';
import { SETTLE_MS } from './take-reading.ts';

const ANSWER_LIMIT_MS = 5_000;
const REPORT_LIMIT_MS = 15_000;

/** What was taken meanwhile and is still there. */
export interface NativeSample {
  readonly report: NativeReport;
  readonly operations: number;
  readonly seconds: number;
}

/**
 * Does more of what lets native memory grow while the agent stands in for malloc and mmap, and says who took what is still there.
 * The verdict stands by then: whatever goes wrong, the end of the program included, is a note, and undefined.
 */
export async function sampleNative(
  context: SamplingContext,
  conclusion: Conclusion,
  signal: AbortSignal,
): Promise<NativeSample | undefined> {
  const { engine, pid, clock, note, onSampling } = context;
  const dose = nativeDose(conclusion);
  if (!engine.nativeSampling || !dose || signal.aborted) return undefined;
  const { nativeSampling } = engine;
  onSampling(dose.limitMs);
  try {
    await nativeSampling.start(pid, { signal, timeoutMs: ANSWER_LIMIT_MS, periodBytes: dose.periodBytes });
    const start = clock.now();
    const operations = await work(context, dose, signal);
    await clock.wait(SETTLE_MS, signal);
    const seconds = (clock.now() - start) / 1000;
    return { report: await nativeSampling.report(pid, { signal, timeoutMs: REPORT_LIMIT_MS }), operations, seconds };
  } catch (error) {
    // `unsupported`: it did not begin, and the sampling that runs may be another's.
    if ((error as { code?: unknown }).code !== 'unsupported')
      await nativeSampling.stop(pid, { timeoutMs: ANSWER_LIMIT_MS }).catch(() => {});
    const { why } = toProblem('Sampling native memory', '', error);
    note(
      `who allocates the native memory that grows is not known: ${signal.aborted ? 'the check was ended meanwhile' : why}`,
    );
    return undefined;
  }
}
