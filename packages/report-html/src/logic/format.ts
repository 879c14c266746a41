import { humanBytes } from '@firstchance/model';

export function isBytes(channel: string): boolean {
  return /Bytes(?:\.|$)/.test(channel);
}

/** A value of a channel, with its unit. */
export function formatValue(channel: string, value: number): string {
  if (isBytes(channel)) return humanBytes(value);
  return Number.isInteger(value) ? value.toLocaleString('en-US') : String(Math.round(value * 100) / 100);
}

/** A rate with its sign. */
export function formatRate(channel: string, value: number): string {
  const sign = value > 0 ? '+' : '';
  if (isBytes(channel)) return sign + humanBytes(value);
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 1 ? 2 : 3;
  return sign + value.toFixed(digits);
}

/** "managedBytes" as people call it. */
export function channelTitle(channel: string): string {
  return TITLES[channel] ?? channel.replace(/^privateBytes\./, 'private memory: ');
}

const TITLES: Readonly<Record<string, string>> = {
  instances: 'objects on the managed heap',
  managedBytes: 'managed heap',
  mallocBytes: 'malloc in use',
  'privateBytes.gcHeap': 'private memory: GC heap',
  'privateBytes.loader': 'private memory: loader',
  'privateBytes.jit': 'private memory: JIT',
  'privateBytes.malloc': 'private memory: malloc',
  'privateBytes.stacks': 'private memory: stacks',
  'privateBytes.other': 'private memory: other',
  mappedBytes: 'mapped files',
  handles: 'GC handles',
  threads: 'threads',
  fileDescriptors: 'file descriptors',
  sockets: 'sockets',
  mappings: 'memory mappings',
  residentBytes: 'resident memory (shown, not judged)',
};
