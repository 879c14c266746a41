import { type Channels, humanBytes } from '@firstchance/model';

export function isBytes(channel: string): boolean {
  return channel.endsWith('Bytes') || channel.startsWith('privateBytes.');
}

/** Value of "mallocBytes" or "privateBytes.jit" in one reading; undefined when it was not read. */
export function channelValue(channels: Channels, channel: string): number | undefined {
  let value: unknown = channels;
  for (const key of channel.split('.')) value = (value as Record<string, unknown> | undefined)?.[key];
  return typeof value === 'number' ? value : undefined;
}

/** A rate with its sign: "+1.00", "+4.0 kB". */
export function signedAmount(value: number, bytes: boolean): string {
  const sign = value < 0 ? '-' : '+';
  const size = Math.abs(value);
  return `${sign}${bytes ? humanBytes(size) : shortNumber(size)}`;
}

/** "1.00", "0.05", "340", "12k": three digits are enough for a person. */
export function shortNumber(value: number): string {
  if (value === 0) return '0';
  if (value < 0.01) return value.toPrecision(1);
  if (value < 10) return value.toFixed(2);
  if (value < 100) return value.toFixed(1);
  return Math.round(value).toLocaleString('en-US');
}
