import type { SurvivorReport } from '@firstchance/engine';
import type { Conclusion } from '@firstchance/growth';
import { samplingDose } from './sampling-dose.ts';
import { type SamplingContext, underSampling } from './under-sampling.ts';

/** Which of the objects that are allocated under more work survive; undefined when that cannot be found out. */
export async function sampleSurvivors(
  context: SamplingContext,
  conclusion: Conclusion,
  signal: AbortSignal,
): Promise<SurvivorReport | undefined> {
  const { sampling } = context.engine;
  const dose = samplingDose(conclusion);
  if (!sampling || !dose || signal.aborted) return undefined;
  return (await underSampling(context, sampling, dose, 'what grows', signal))?.report;
}
