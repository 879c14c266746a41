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
};

/** "30s", "10m", "1h30m", "500ms"; a bare number is seconds. In ms. @throws ValueError */
export function parseDuration(text: string): number {
  const plain = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : undefined;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)\s*(ms|min|s|m|h)/gy)];
  const complete = parts.length > 0 && parts.map((part) => part[0]).join('') === text;
  const sum = complete
    ? parts.reduce((total, [, value, unit]) => total + Number(value) * (TIME[unit ?? ''] ?? 0), 0)
    : plain;
  if (sum === undefined || !(sum > 0) || sum > 2 ** 31 - 1)
    throw new ValueError('write a time like 500ms, 30s, 10m or 1h30m');
  return sum;
}

/** "2GB", "500MB", "1GiB"; a bare number is bytes. @throws ValueError */
export function parseSize(text: string): number {
  const [, value, unit] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text) ?? [];
  const factor = SIZE[(unit ?? '').toLowerCase()];
  if (value === undefined || factor === undefined) throw new ValueError('write a size like 500MB or 2GB');
  return Math.round(Number(value) * factor);
}

/** A whole number from 0 on. @throws ValueError */
export function parseCount(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new ValueError('write a whole number like 10');
  return Number(text);
}

/** Megabytes (10^6 bytes), also written with a unit: "300", "300MB", "1.5GB". @throws ValueError */
export function parseMegabytes(text: string): number {
  const megabytes = /^\d+(\.\d+)?$/.test(text) ? Number(text) : parseSize(text) / 1e6;
  if (!(megabytes > 0)) throw new ValueError('write megabytes like 300, or a size like 1.5GB');
  return megabytes;
}
