import type { NativeReport } from '@firstchance/engine';
import type { Conclusion } from '@firstchance/growth';
import { nativeDose } from './native-dose.ts';
import { type Sampled, type SamplingContext, underSampling } from './under-sampling.ts';

/** What was taken under more work, the agent standing in for malloc and mmap, and is still there. */
export type NativeSample = Sampled<NativeReport>;

/** Undefined when that cannot be found out. */
export async function sampleNative(
  context: SamplingContext,
  conclusion: Conclusion,
  signal: AbortSignal,
): Promise<NativeSample | undefined> {
  const { nativeSampling } = context.engine;
  const dose = nativeDose(conclusion);
  if (!nativeSampling || !dose || signal.aborted) return undefined;
  const { periodBytes } = dose;
  const sampling = {
    ...nativeSampling,
    start: (pid: number, options: object) => nativeSampling.start(pid, { ...options, periodBytes }),
  };
  return await underSampling(context, sampling, dose, 'the native memory that grows', signal);
}
