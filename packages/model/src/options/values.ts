import type { OptionDefinition, OptionValue } from './definition.ts';

/** A value of an option could not be understood. The message names what is allowed. */
export class ValueError extends Error {
  override readonly name = 'ValueError';
  readonly code = 'invalid-value';
}

const TIME: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, min: 60_000, h: 3_600_000 };
const SIZE: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
  tib: 1024 ** 4,
};
const ANY_COUNT = [0, 999_999_999] as const;
/** Node's timers overflow beyond it and fire at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** "30s", "10m", "1h30m", "500ms"; a bare number is seconds. In ms. @throws ValueError */
export function parseDuration(text: string): number {
  const plain = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : undefined;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)\s*(ms|min|s|m|h)/gy)];
  const complete = parts.length > 0 && parts.map((part) => part[0]).join('') === text;
  const sum = complete
    ? parts.reduce((total, [, value, unit]) => total + Number(value) * (TIME[unit ?? ''] ?? 0), 0)
    : plain;
  if (sum === undefined || !(sum > 0)) throw new ValueError('write a time like 500ms, 30s, 10m or 1h30m');
  if (sum > LONGEST_MS) throw new ValueError('the longest time is 596h');
  return sum;
}

/** "2GB", "500MB", "1GiB"; a bare number is bytes. @throws ValueError */
export function parseSize(text: string): number {
  const [, value, unit] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text) ?? [];
  const lower = (unit ?? '').toLowerCase();
  // hasOwn: "constructor" is no unit.
  const factor = Object.hasOwn(SIZE, lower) ? SIZE[lower] : undefined;
  const bytes = value === undefined || factor === undefined ? Number.NaN : Math.round(Number(value) * factor);
  if (!Number.isSafeInteger(bytes)) throw new ValueError('write a size like 500MB or 2GB');
  return bytes;
}

/** "1KB/op", "300 B/op": bytes per operation. @throws ValueError */
export function parseRate(text: string): number {
  const [, size] = /^(.*?)\s*\/\s*op(?:eration)?$/i.exec(text) ?? [];
  const wrong = () => new ValueError('write a size per operation like 1KB/op or 300B/op');
  if (size === undefined) throw wrong();
  try {
    return parseSize(size.trim());
  } catch {
    throw wrong();
  }
}

/** A whole number from 0 on. @throws ValueError */
export function parseCount(text: string, [least, greatest]: readonly [number, number] = ANY_COUNT): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(value)) throw new ValueError('write a whole number like 10');
  if (value < least || value > greatest) throw new ValueError(`write a whole number from ${least} to ${greatest}`);
  return value;
}

/** Megabytes (10^6 bytes), also written with a unit: "300", "300MB", "1.5GB". @throws ValueError */
export function parseMegabytes(text: string): number {
  const megabytes = /^\d+(\.\d+)?$/.test(text) ? Number(text) : sizeInMegabytes(text);
  if (!(megabytes > 0) || !Number.isSafeInteger(Math.round(megabytes * 1e6))) throw wrongMegabytes();
  return megabytes;
}

function sizeInMegabytes(text: string): number {
  try {
    return parseSize(text) / 1e6;
  } catch {
    throw wrongMegabytes();
  }
}

function wrongMegabytes(): ValueError {
  return new ValueError('write megabytes like 300, or a size like 1.5GB');
}

/** Makes of a text what the option wants. Switches take no text and lists take one text at a time. @throws ValueError */
export function parseValue(option: OptionDefinition, text: string): OptionValue {
  switch (option.type) {
    case 'count':
      return parseCount(text, option.range);
    case 'duration':
      return parseDuration(text);
    case 'size':
      return parseSize(text);
    case 'megabytes':
      return parseMegabytes(text);
    case 'rate':
      return parseRate(text);
    case 'choice':
      if (option.choices?.includes(text) === false)
        throw new ValueError(`it must be one of ${option.choices.join(', ')}`);
      return text;
    default:
      return text;
  }
}
