import { fitEnd, fitStart, pad, width } from '../text/fit.ts';
import type { Style } from './style.ts';

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string;
  readonly align?: 'left' | 'right';
  /** Share of the space that is left when all columns together are too wide; 0 or absent: never cut. */
  readonly flex?: number;
  /** Which end of a cut text stays. Default "start". */
  readonly keep?: 'start' | 'end';
}

const GAP = '  ';
const LEAST = 8;

/** Plain columns, no lines drawn: they survive copying into an issue. Cells must be harmless text already. */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[], style: Style): string[] {
  const cells = rows.map((row) => columns.map((column) => column.value(row)));
  const natural = columns.map((column, index) =>
    Math.max(width(column.title), ...cells.map((line) => width(line[index] ?? ''))),
  );
  const widths = shrink(columns, natural, style.columns);
  const line = (texts: readonly string[]) =>
    texts
      .map((text, index) => {
        const column = columns[index];
        const columnWidth = widths[index] ?? 0;
        const fitted = column?.keep === 'end' ? fitStart(text, columnWidth) : fitEnd(text, columnWidth);
        return pad(fitted, columnWidth, column?.align);
      })
      .join(GAP)
      .trimEnd();
  return [style.paint.bold(line(columns.map((column) => column.title))), ...cells.map(line)];
}

/** Takes what is too much from the flexible columns, by their shares, leaving each at least a few characters. */
function shrink<Row>(columns: readonly Column<Row>[], natural: readonly number[], available: number): number[] {
  const widths = [...natural];
  let excess = widths.reduce((sum, value) => sum + value, 0) + GAP.length * (columns.length - 1) - available;
  while (excess > 0) {
    const wide = widths.map((value, index) => ((columns[index]?.flex ?? 0) > 0 && value > LEAST ? index : -1));
    const candidates = wide.filter((index) => index >= 0);
    // The column that is widest for its share gives first, one character at a time: no rounding, at most a few hundred steps.
    const loser = candidates.sort((a, b) => need(b) - need(a))[0];
    if (loser === undefined) break;
    widths[loser] = (widths[loser] ?? 0) - 1;
    excess -= 1;
  }
  return widths;

  function need(index: number): number {
    return (widths[index] ?? 0) / (columns[index]?.flex ?? 1);
  }
}
