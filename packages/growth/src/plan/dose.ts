import type { Sample } from '../series/sample.ts';
import { median } from '../statistics/order.ts';
import type { Settings } from './settings.ts';

/** Doses grow by no more than this from one round to the next, because the first operations tell little of later ones. */
const FASTER = 8;
/** Slow operations: as many as 10 in a round while that lasts no longer. */
const SLOW_ROUND_MS = 2000;
const LEAST_DOSE = 2;
/** Growth of one round, so that a leak does not fill the machine before it is found. */
const ROUND_BYTES = 8 * 2 ** 20;
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
  const bytes = bytesPerOperation(samples);
  const most = Math.min(last * FASTER, settings.mostDose, bytes > 0 ? ROUND_BYTES / bytes : settings.mostDose);
  return Math.max(LEAST_DOSE, Math.round(Math.min(Math.max(fits, slow), most)));
}

const MEMORY = ['managedBytes', 'mallocBytes', 'privateBytes.other', 'mappedBytes'];

/** Growth of memory per operation over these samples, 0 when it did not grow. */
export function bytesPerOperation(samples: readonly Sample[]): number {
  return MEMORY.reduce((total, channel) => total + Math.max(0, perOperation(samples, channel)), 0);
}

export function perOperation(samples: readonly Sample[], channel: string): number {
  const from = samples[0]?.channels.get(channel);
  const to = samples.at(-1)?.channels.get(channel);
  const operations = samples.slice(1).reduce((total, { step }) => total + step.dose, 0);
  return from === undefined || to === undefined || operations === 0 ? 0 : (to - from) / operations;
}
