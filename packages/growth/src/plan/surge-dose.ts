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

/** And one whose size was asked for. */
const MOST_ASKED: Cost = { ...MOST, bytes: 4 * 2 ** 30, handles: 5_000_000, instances: 20_000_000 };

/** Operations of the whole surge, 0 when too few would fit into its time and into what it may add. */
export function surgeOperations(samples: readonly Sample[], dose: number, settings: Settings): number {
  if (settings.surge !== undefined)
    return Math.floor(Math.min(Math.max(settings.surge, LEAST_DOSES * dose), affordable(samples, MOST_ASKED)));
  const each = operationMs(samples) ?? 0;
  const limits = [MOST_DOSES * dose, settings.surgeMs / Math.max(each, 1e-6), affordable(samples, MOST)];
  const operations = Math.floor(Math.min(...limits));
  return operations < LEAST_DOSES * dose ? 0 : operations;
}

/** A careful beginning, then what is left of it: eighths. */
const PARTS = [1, 3, 4] as const;
/** Longest part of a surge whose size was asked for: a request that does a whole dose has a time-out, 30 s without a word. */
const LONGEST_PART_MS = 10_000;

export interface SurgeState {
  /** Parts that were done. */
  readonly done: number;
  /** Operations, and time for them. */
  readonly left: number;
  readonly leftMs: number;
  readonly operationMs: number;
  /** Of a usual round. */
  readonly dose: number;
}

/** Operations of the next part of the surge; 0 when it is over. */
export function surgePart({ done, left, leftMs, operationMs: each, dose }: SurgeState, { surge }: Settings): number {
  const [part = 1, ...others] = PARTS.slice(done);
  const share = part / others.reduce<number>((total, one) => total + one, part);
  const fit = (ms: number) => Math.max(dose, ms / Math.max(each, 1e-6));
  if (surge === undefined)
    return done >= PARTS.length ? 0 : Math.max(1, Math.floor(share * Math.min(left, fit(leftMs))));
  // As many parts as it takes; less than a usual round at the end would tell nothing.
  if (done >= PARTS.length && left < dose) return 0;
  return Math.max(1, Math.floor(Math.min(share * left, fit(LONGEST_PART_MS))));
}
