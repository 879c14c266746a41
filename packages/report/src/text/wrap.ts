import { fitEnd, width } from './fit.ts';

/** A sentence in lines of at most `columns` columns, broken between words; all but the first begin with the indent. */
export function wrap(text: string, columns: number, indent = ''): string[] {
  if (width(text) <= columns) return [text];
  const lines: string[] = [];
  const own = /^ */.exec(text)?.[0] ?? '';
  let line = own;
  for (const word of text.slice(own.length).split(' ')) {
    const longer = line.trim() === '' ? line + word : `${line} ${word}`;
    if (line.trim() === '' || width(longer) <= columns) line = longer;
    else {
      lines.push(line);
      line = indent + word;
    }
  }
  lines.push(line);
  return lines.map((one) => fitEnd(one, columns));
}
