import { MalformedSymbols } from './byte-cursor.ts';
import { PlacedTables, type PlainColumn, plainWidth, readTableHead, type Width } from './table-stream.ts';

/** Table numbers of debugging metadata (PortablePdb-Metadata.md), and those of the type system its indices point at. */
export const TABLE = {
  methodDef: 0x06,
  document: 0x30,
  methodDebugInformation: 0x31,
  localScope: 0x32,
  localVariable: 0x33,
  localConstant: 0x34,
  importScope: 0x35,
  stateMachineMethod: 0x36,
  customDebugInformation: 0x37,
} as const;

/** Tables a HasCustomDebugInformation index can point at, in the order of its 5-bit tag. */
const HAS_CUSTOM_DEBUG_INFORMATION = [
  ...[0x06, 0x04, 0x01, 0x02, 0x08, 0x09, 0x0a, 0x00, 0x0e, 0x17, 0x14, 0x11, 0x1a, 0x1b, 0x20, 0x23, 0x26, 0x27],
  ...[0x28, 0x2a, 0x2c, 0x2b, 0x30, 0x32, 0x33, 0x34, 0x35],
];

type Column = PlainColumn | 'customDebugParent' | { readonly table: number };

const COLUMNS: Readonly<Record<number, readonly Column[]>> = {
  [TABLE.document]: ['blob', 'guid', 'blob', 'guid'],
  [TABLE.methodDebugInformation]: [{ table: TABLE.document }, 'blob'],
  [TABLE.localScope]: [
    { table: TABLE.methodDef },
    { table: TABLE.importScope },
    { table: TABLE.localVariable },
    { table: TABLE.localConstant },
    'u32',
    'u32',
  ],
  [TABLE.localVariable]: ['u16', 'u16', 'string'],
  [TABLE.localConstant]: ['string', 'blob'],
  [TABLE.importScope]: [{ table: TABLE.importScope }, 'blob'],
  [TABLE.stateMachineMethod]: [{ table: TABLE.methodDef }, { table: TABLE.methodDef }],
  [TABLE.customDebugInformation]: ['customDebugParent', 'guid', 'blob'],
};

/** The tables of a standalone portable PDB's #~ stream; rows count from 1. */
export class Tables {
  readonly #tables: PlacedTables;

  /** @param typeSystemRows rows of the tables in the assembly itself, from #Pdb @throws MalformedSymbols */
  constructor(stream: Uint8Array, typeSystemRows: ReadonlyMap<number, number>) {
    const { heapSizes, rows: own, cursor } = readTableHead(stream);
    const rows = new Map([...typeSystemRows, ...own]);
    this.#tables = new PlacedTables(stream, cursor.position);
    for (const [table, count] of own) {
      const columns = COLUMNS[table];
      if (!columns) throw new MalformedSymbols(`table 0x${table.toString(16)} in a standalone PDB`);
      this.#tables.add(
        table,
        count,
        columns.map((column) => columnWidth(column, heapSizes, rows)),
      );
    }
  }

  rows(table: number): number {
    return this.#tables.rows(table);
  }

  /** Columns of a row; undefined when there is no such row. */
  row(table: number, row: number): number[] | undefined {
    return this.#tables.row(table, row);
  }
}

function columnWidth(column: Column, heapSizes: number, rows: ReadonlyMap<number, number>): Width {
  if (column === 'customDebugParent') {
    // Five bits are the tag: eleven are left in two bytes.
    const most = Math.max(...HAS_CUSTOM_DEBUG_INFORMATION.map((table) => rows.get(table) ?? 0));
    return most < 2 ** 11 ? 2 : 4;
  }
  if (typeof column === 'object') return (rows.get(column.table) ?? 0) < 2 ** 16 ? 2 : 4;
  return plainWidth(column, heapSizes);
}
