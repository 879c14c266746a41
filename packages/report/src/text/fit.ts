import { segmenter, width } from './width.ts';

export { width };

const ELLIPSIS = '…';

/** The beginning of a text in at most `columns` columns, with an ellipsis when something was cut. Never cuts a character. */
export function fitEnd(text: string, columns: number): string {
  if (columns <= 0) return '';
  if (width(text) <= columns) return text;
  let result = '';
  let used = 0;
  for (const { segment } of segmenter().segment(text)) {
    const next = width(segment);
    if (used + next > columns - 1) break;
    result += segment;
    used += next;
  }
  return result + ELLIPSIS;
}

/** The end of a text in at most `columns` columns: for paths and type names, whose end says most. */
export function fitStart(text: string, columns: number): string {
  if (columns <= 0) return '';
  if (width(text) <= columns) return text;
  let result = '';
  let used = 0;
  for (const { segment } of [...segmenter().segment(text)].reverse()) {
    const next = width(segment);
    if (used + next > columns - 1) break;
    result = segment + result;
    used += next;
  }
  return ELLIPSIS + result;
}

/** Fills a text with spaces up to a width in columns. */
export function pad(text: string, columns: number, align: 'left' | 'right' = 'left'): string {
  const space = ' '.repeat(Math.max(0, columns - width(text)));
  return align === 'left' ? text + space : space + text;
}
