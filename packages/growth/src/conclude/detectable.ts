import type { MinimumDetectable } from '../plan/conclusion.ts';
import { byteLimit } from '../rules/bytes.ts';
import type { Sample } from '../series/sample.ts';
import { Window } from '../series/window.ts';
import { median } from '../statistics/order.ts';

/** Fewer instances are no growth. */
const LEAST = 3;

/** Smallest leak per operation that these measured rounds could have seen: the fixed limits, or this run's noise where larger. */
export function minimumDetectable(samples: readonly Sample[]): MinimumDetectable {
  const window = new Window(samples);
  const measured = window.operations > 0;
  return {
    instancesPerOperation: measured ? LEAST / window.operations : null,
    managedBytesPerOperation: measured ? ofBytes('managedBytes', window) : null,
    nativeBytesPerOperation: measured ? ofBytes('mallocBytes', window) : null,
  };
}

function ofBytes(channel: string, window: Window): number | null {
  const levels = window.samples.map((sample) => sample.channels.get(channel));
  if (levels.length < 4 || levels.some((level) => level === undefined)) return null;
  const slopes = window.blockSlopes(window.growth(levels.map((level) => level ?? 0)));
  const middle = median(slopes);
  const deviation = median(slopes.map((slope) => Math.abs(slope - middle)));
  return Math.max(byteLimit(channel, window.dose), 3 * deviation);
}
