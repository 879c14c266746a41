/** Bytes with a decimal unit: 2590000 is "2.6 MB". Three digits are enough for a person. */
export function humanBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return '?';
  if (Math.abs(bytes) < 999.5) return `${Math.round(bytes)} B`;
  const units = ['kB', 'MB', 'GB', 'TB', 'PB'];
  let scaled = bytes;
  let unit = -1;
  do {
    scaled /= 1000;
    unit += 1;
  } while (Math.abs(scaled) >= 999.5 && unit < units.length - 1);
  return `${Math.abs(scaled) < 9.95 ? scaled.toFixed(1) : Math.round(scaled)} ${units[unit]}`;
}

/** A time in ms: "6.1 ms", "78 ms", "2.5 s", "3 min 20 s", "2 h 5 min". */
export function humanMs(ms: number): string {
  if (!Number.isFinite(ms)) return '?';
  if (ms < 9.95) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return join(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  const minutes = Math.round(seconds / 60);
  return join(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
}

function join(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}
