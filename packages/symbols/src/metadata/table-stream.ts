import { ByteCursor, MalformedSymbols } from './byte-cursor.ts';

const TABLE_COUNT = 64;

/** Columns whose width depends on no other table. */
export type PlainColumn = 'u16' | 'u32' | 'string' | 'guid' | 'blob';
export type Width = 2 | 4;

/** The head of a #~ stream (ECMA-335, II.24.2.6). */
export interface TableHead {
  /** Which heaps need indices of four bytes. */
  readonly heapSizes: number;
  /** Rows of the tables that are present, by table, ascending. */
  readonly rows: ReadonlyMap<number, number>;
  /** At what follows the row counts. */
  readonly cursor: ByteCursor;
}

/** @throws MalformedSymbols */
export function readTableHead(stream: Uint8Array): TableHead {
  const cursor = new ByteCursor(stream);
  cursor.skip(6);
  const heapSizes = cursor.u8();
  cursor.skip(1);
  const present = cursor.u64();
  cursor.skip(8);
  const rows = new Map<number, number>();
  for (let table = 0; table < TABLE_COUNT; table += 1) {
    if (((present >> BigInt(table)) & 1n) !== 0n) rows.set(table, cursor.u32());
  }
  return { heapSizes, rows, cursor };
}

export function plainWidth(column: PlainColumn, heapSizes: number): Width {
  if (column === 'u16') return 2;
  if (column === 'u32') return 4;
  const bit = { string: 1, guid: 2, blob: 4 }[column];
  return (heapSizes & bit) === 0 ? 2 : 4;
}

/** Tables that lie one behind the other; rows count from 1. */
export class PlacedTables {
  readonly #stream: Uint8Array;
  readonly #layouts = new Map<number, { start: number; rows: number; widths: readonly Width[]; rowBytes: number }>();
  #end: number;

  /** @param start of the first table */
  constructor(stream: Uint8Array, start: number) {
    this.#stream = stream;
    this.#end = start;
  }

  /** The next table. @throws MalformedSymbols when the stream ends in it */
  add(table: number, rows: number, widths: readonly Width[]): void {
    const rowBytes = widths.reduce((sum: number, width) => sum + width, 0);
    const start = this.#end;
    this.#end += rows * rowBytes;
    if (this.#end > this.#stream.length) throw new MalformedSymbols(`table 0x${table.toString(16)} is cut`);
    this.#layouts.set(table, { start, rows, widths, rowBytes });
  }

  rows(table: number): number {
    return this.#layouts.get(table)?.rows ?? 0;
  }

  /** Columns of a row; undefined when there is no such row. */
  row(table: number, row: number): number[] | undefined {
    const layout = this.#layouts.get(table);
    if (!layout || !Number.isInteger(row) || row < 1 || row > layout.rows) return undefined;
    const cursor = new ByteCursor(this.#stream, layout.start + (row - 1) * layout.rowBytes);
    return layout.widths.map((width) => cursor.index(width));
  }
}
