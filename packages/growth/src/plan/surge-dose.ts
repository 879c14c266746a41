import type { Sample } from '../series/sample.ts';
import { affordable, type Cost } from './cost.ts';
import { operationMs } from './dose.ts';
import type { Settings } from './settings.ts';

const MOST_DOSES = 500;
/** Below this many usual doses a surge shows nothing that the rounds did not. */
const LEAST_DOSES = 8;
/** What a surge may add to the program. */
const MOST: Cost = {
  bytes: 300 * 2 ** 20,
  threads: 200,
  fileDescriptors: 500,
  mappings: 10_000,
  handles: 200_000,
  // Each of them is visited in every reading that follows.
  instances: 600_000,
};

/** Operations of the whole surge, 0 when too few would fit into its time and into what it may add. */
export function surgeOperations(samples: readonly Sample[], dose: number, settings: Settings): number {
  const each = operationMs(samples) ?? 0;
  const limits = [MOST_DOSES * dose, settings.surgeMs / Math.max(each, 1e-6), affordable(samples, MOST)];
  const operations = Math.floor(Math.min(...limits));
  return operations < LEAST_DOSES * dose ? 0 : operations;
}

/** A careful beginning, then what is left of it as time allows: eighths. */
export const SURGE_PARTS = [1, 3, 4] as const;
