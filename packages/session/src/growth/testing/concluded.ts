import type { Conclusion, GrowthFinding } from '@firstchance/growth';
import type { Round } from '@firstchance/model';

/** A check that found a leak, of three rounds with 10, 0 and 20 operations. */
export function concluded(
  growth: readonly GrowthFinding[],
  more: Partial<Conclusion> = {},
  operationMs = 1,
): Conclusion {
  const rounds = [10, 0, 20].map((dose, index): Round => {
    return { index, phase: 'measure', dose, durationMs: Math.max(1, dose) * operationMs, pauseMs: 1, channels: {} };
  });
  return {
    ...{ verdict: 'LEAK', reason: '', mode: 'quick', seed: 1, operations: 30, verifiedOperations: 30, rounds },
    ...{ growth, harmless: [], unsure: [], notMeasured: [] },
    minimumDetectable: { instancesPerOperation: 1, managedBytesPerOperation: 1, nativeBytesPerOperation: 1 },
    ...more,
  };
}
