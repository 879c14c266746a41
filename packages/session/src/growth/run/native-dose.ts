import type { Conclusion, GrowthFinding } from '@firstchance/growth';
import { isNativeChannel } from '../owner/native-channels.ts';
import { doseFor, ratio, type SamplingDose } from './sampling-dose.ts';

/** Growth that tells all there is to tell. */
const ENOUGH_BYTES = 8 * 2 ** 20;
const ENOUGH_THINGS = 300;
/** Blocks of malloc that are picked of it. */
const SAMPLES = 500;
const LONGEST_PERIOD_BYTES = 65_536;

export interface NativeDose extends SamplingDose {
  /** One of so many bytes of malloc is picked: the less grows, the closer must be looked. */
  readonly periodBytes: number;
}

/** How much work shows who takes the native memory that grows; undefined when none grows for sure. */
export function nativeDose(conclusion: Conclusion): NativeDose | undefined {
  const native = conclusion.growth.filter(({ channel }) => isNativeChannel(channel));
  const dose = doseFor(conclusion, native, enough);
  if (!dose) return undefined;
  const malloc = native.find(({ channel }) => channel === 'mallocBytes');
  const expected = malloc && dose.operations > 0 ? malloc.perOperation * dose.operations : Number.POSITIVE_INFINITY;
  const periodBytes = Math.max(1, Math.min(LONGEST_PERIOD_BYTES, Math.floor(expected / SAMPLES)));
  return { ...dose, periodBytes };
}

function enough(native: readonly GrowthFinding[]): number {
  return Math.max(
    ...native.map(({ channel, perOperation }) =>
      ratio(/bytes/i.test(channel) ? ENOUGH_BYTES : ENOUGH_THINGS, perOperation),
    ),
  );
}
