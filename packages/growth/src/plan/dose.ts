import type { Sample } from '../series/sample.ts';
import { median } from '../statistics/order.ts';
import { affordable, type Cost } from './cost.ts';
import type { Settings } from './settings.ts';

/** Doses grow by no more than this from one round to the next, because the first operations tell little of later ones. */
const FASTER = 8;
/** Slow operations: as many as 10 in a round while that lasts no longer. */
const SLOW_ROUND_MS = 2000;
const LEAST_DOSE = 2;
/** Growth of one round, so that a leak does not fill the machine before it is found. */
const ROUND_COST: Cost = {
  bytes: 8 * 2 ** 20,
  threads: 10,
  fileDescriptors: 25,
  mappings: 500,
  handles: 20_000,
  instances: 50_000,
};
const RECENT = 4;

/** ms of one operation, from the rounds just done; null before any. Tiered code gets faster: the oldest tell least. */
export function operationMs(samples: readonly Sample[]): number | null {
  const working = samples.filter(({ step, reading }) => step.dose > 0 && Number.isFinite(reading.durationMs));
  if (working.length === 0) return null;
  return median(working.slice(-RECENT).map(({ step, reading }) => Math.max(0, reading.durationMs) / step.dose));
}

/** Operations of the next round: what lasts as long as a usual round. */
export function nextDose(samples: readonly Sample[], settings: Settings): number {
  if (settings.dose !== undefined) return settings.dose;
  const each = operationMs(samples);
  const last = samples.at(-1)?.step.dose ?? 0;
  if (each === null || last === 0) return 1;
  const fits = settings.roundMs / Math.max(each, 1e-6);
  const slow = Math.min(10, SLOW_ROUND_MS / Math.max(each, 1e-6));
  const most = Math.min(last * FASTER, settings.mostDose, affordable(samples.slice(-RECENT - 1), ROUND_COST));
  return Math.max(LEAST_DOSE, Math.round(Math.min(Math.max(fits, slow), most)));
}
