const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** Values as a row of bars from the least to the greatest, at most `cells` wide; a value that is missing is a gap. */
export function sparkline(values: readonly (number | undefined)[], cells: number): string {
  const shown = squeeze(values, cells);
  const present = shown.filter((value) => value !== undefined);
  const [least, greatest] = [Math.min(...present), Math.max(...present)];
  return shown
    .map((value) => {
      if (value === undefined) return ' ';
      const share = greatest > least ? (value - least) / (greatest - least) : 0;
      return BARS[Math.min(BARS.length - 1, Math.floor(share * BARS.length))] ?? '▁';
    })
    .join('');
}

/** Too many values for the width: the last one of each part stays, so that the end is the end. */
function squeeze(values: readonly (number | undefined)[], cells: number): (number | undefined)[] {
  if (values.length <= cells) return [...values];
  return Array.from({ length: cells }, (_, cell) => values[Math.ceil(((cell + 1) * values.length) / cells) - 1]);
}
