/**
 * A help text within so many columns: what explains an example goes below it, prose is broken at spaces, a command stays
 * whole, for it is copied.
 */
export function fitHelp(text: string, columns: number): string {
  return text
    .split('\n\n')
    .map((block) => fitBlock(block, columns))
    .join('\n\n');
}

function fitBlock(block: string, columns: number): string {
  const lines = block.split('\n');
  if (lines.every((line) => line.length <= columns)) return block;
  if (!lines.some((line) => line.startsWith('  '))) return wrap(lines.join(' '), columns, '');
  return lines.map((line) => fitExample(line, columns)).join('\n');
}

function fitExample(line: string, columns: number): string {
  const [, command, explanation] = /^( {2}\S.*?) {3,}(\S.*)$/.exec(line) ?? [];
  if (line.length <= columns || command === undefined || explanation === undefined) return line;
  return `${command}\n${wrap(explanation, columns, '      ')}`;
}

function wrap(text: string, columns: number, indent: string): string {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    const longer = line.trim() === '' ? `${line}${word}` : `${line} ${word}`;
    if (longer.length <= columns || line.trim() === '') line = longer;
    else {
      lines.push(line);
      line = `${indent}${word}`;
    }
  }
  return [...lines, line].join('\n');
}
