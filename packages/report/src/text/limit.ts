const encoder = new TextEncoder();

/** Bytes of a text in UTF-8. */
export function byteLength(text: string): number {
  return encoder.encode(text).length;
}

/** The first `most` characters of a text and how many there were more; never half of a surrogate pair. */
export function limit(text: string, most: number): string {
  if (text.length <= most) return text;
  const half = /[\ud800-\udbff]$/.test(text.slice(0, most)) ? 1 : 0;
  const kept = text.slice(0, most - half);
  return `${kept}… (${text.length - kept.length} more characters)`;
}
