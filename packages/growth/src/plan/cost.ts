import type { Sample } from '../series/sample.ts';

/** What operations may add to the program. */
export interface Cost {
  readonly bytes: number;
  readonly threads: number;
  readonly fileDescriptors: number;
  readonly mappings: number;
  readonly handles: number;
  readonly instances: number;
}

const COUNTED = ['threads', 'fileDescriptors', 'mappings', 'handles', 'instances'] as const;
const MEMORY = ['managedBytes', 'mallocBytes', 'privateBytes.stacks', 'privateBytes.other', 'mappedBytes'];

/** So many operations add no more than this, at the rates of these samples; infinite where nothing grew. */
export function affordable(samples: readonly Sample[], most: Cost): number {
  const bytes = MEMORY.reduce((total, channel) => total + Math.max(0, perOperation(samples, channel)), 0);
  const limits = COUNTED.map((channel) => most[channel] / Math.max(0, perOperation(samples, channel)));
  return Math.min(most.bytes / bytes, ...limits);
}

function perOperation(samples: readonly Sample[], channel: string): number {
  const from = samples[0]?.channels.get(channel);
  const to = samples.at(-1)?.channels.get(channel);
  const operations = samples.slice(1).reduce((total, { step }) => total + step.dose, 0);
  return from === undefined || to === undefined || operations === 0 ? 0 : (to - from) / operations;
}
