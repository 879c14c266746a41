/** A table of cells that are harmless already; `total` says how many rows there would be. */
export function markdownTable(titles: readonly string[], rows: readonly (readonly string[])[], total: number): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => (cell === '' ? ' ' : cell)).join(' | ')} |`;
  const more = total > rows.length ? `\n\nand ${total - rows.length} more` : '';
  return `${[line(titles), line(titles.map(() => '---')), ...rows.map(line)].join('\n')}${more}`;
}
