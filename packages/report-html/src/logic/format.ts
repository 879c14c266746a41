import { channelName, humanBytes } from '@firstchance/model';

export function isBytes(channel: string): boolean {
  return /Bytes(?:\.|$)/.test(channel);
}

/** A value of a channel, with its unit. */
export function formatValue(channel: string, value: number): string {
  if (isBytes(channel)) return humanBytes(value);
  return Number.isInteger(value) ? value.toLocaleString('en-US') : String(Math.round(value * 100) / 100);
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** Labels of an axis: one unit, and as many digits as tell neighbours apart. */
export function axisLabels(channel: string, ticks: readonly number[]): string[] {
  const largest = Math.max(...ticks.map(Math.abs), 1);
  const unit = isBytes(channel) ? Math.min(UNITS.length - 1, Math.floor(Math.log10(largest) / 3)) : 0;
  const scale = 1000 ** unit;
  const step = Math.abs((ticks[1] ?? 0) - (ticks[0] ?? 0)) / scale;
  const digits = step === 0 || step >= 1 ? 0 : Math.min(6, Math.ceil(-Math.log10(step) - 1e-9));
  const suffix = isBytes(channel) ? ` ${UNITS[unit]}` : '';
  return ticks.map((tick) => {
    const number = (tick / scale).toLocaleString('en-US', {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
    return `${number}${suffix}`;
  });
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
  return TITLES[channel] ?? channelName(channel).replace(/^privateBytes\./, 'private memory: ');
}

/** Where a plot wants other words than a sentence. */
const TITLES: Readonly<Record<string, string>> = {
  instances: 'objects on the managed heap',
  types: 'types',
  mallocBytes: 'malloc in use',
  'privateBytes.gcHeap': 'private memory: GC heap',
  'privateBytes.loader': 'private memory: loader',
  'privateBytes.jit': 'private memory: JIT',
  'privateBytes.malloc': 'private memory: malloc',
  'privateBytes.stacks': 'private memory: stacks',
  'privateBytes.other': 'private memory: other',
  residentBytes: 'resident memory (shown, not judged)',
};
