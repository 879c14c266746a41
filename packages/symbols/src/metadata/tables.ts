import { ByteCursor, MalformedSymbols } from './byte-cursor.ts';

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
const TABLE_COUNT = 64;

type Column = 'u16' | 'u32' | 'string' | 'guid' | 'blob' | 'customDebugParent' | { readonly table: number };

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

interface Layout {
  readonly start: number;
  readonly rows: number;
  readonly widths: readonly (2 | 4)[];
  readonly rowBytes: number;
}

/** The tables of a standalone portable PDB's #~ stream; rows count from 1. */
export class Tables {
  readonly #bytes: Uint8Array;
  readonly #layouts = new Map<number, Layout>();

  /** @param typeSystemRows rows of the tables in the assembly itself, from #Pdb @throws MalformedSymbols */
  constructor(stream: Uint8Array, typeSystemRows: ReadonlyMap<number, number>) {
    this.#bytes = stream;
    const cursor = new ByteCursor(stream);
    cursor.skip(6);
    const heapSizes = cursor.u8();
    cursor.skip(1);
    const present = cursor.u64();
    cursor.skip(8);
    const rows = new Map(typeSystemRows);
    const own: number[] = [];
    for (let table = 0; table < TABLE_COUNT; table++) {
      if (((present >> BigInt(table)) & 1n) === 0n) continue;
      rows.set(table, cursor.u32());
      own.push(table);
    }
    const width = (column: Column): 2 | 4 => columnWidth(column, heapSizes, rows);
    let start = cursor.position;
    for (const table of own) {
      const columns = COLUMNS[table];
      if (!columns) throw new MalformedSymbols(`table 0x${table.toString(16)} in a standalone PDB`);
      const widths = columns.map(width);
      const rowBytes = widths.reduce((sum: number, bytes) => sum + bytes, 0);
      const count = rows.get(table) ?? 0;
      if (start + rowBytes * count > stream.length) throw new MalformedSymbols(`table 0x${table.toString(16)} is cut`);
      this.#layouts.set(table, { start, rows: count, widths, rowBytes });
      start += rowBytes * count;
    }
  }

  rows(table: number): number {
    return this.#layouts.get(table)?.rows ?? 0;
  }

  /** Columns of a row; undefined when there is no such row. */
  row(table: number, row: number): number[] | undefined {
    const layout = this.#layouts.get(table);
    if (!layout || !Number.isInteger(row) || row < 1 || row > layout.rows) return undefined;
    const cursor = new ByteCursor(this.#bytes, layout.start + (row - 1) * layout.rowBytes);
    return layout.widths.map((width) => cursor.index(width));
  }
}

function columnWidth(column: Column, heapSizes: number, rows: ReadonlyMap<number, number>): 2 | 4 {
  switch (column) {
    case 'u16':
      return 2;
    case 'u32':
      return 4;
    case 'string':
      return (heapSizes & 1) === 0 ? 2 : 4;
    case 'guid':
      return (heapSizes & 2) === 0 ? 2 : 4;
    case 'blob':
      return (heapSizes & 4) === 0 ? 2 : 4;
    case 'customDebugParent': {
      // Five bits are the tag: eleven are left in two bytes.
      const most = Math.max(...HAS_CUSTOM_DEBUG_INFORMATION.map((table) => rows.get(table) ?? 0));
      return most < 2 ** 11 ? 2 : 4;
    }
    default:
      return (rows.get(column.table) ?? 0) < 2 ** 16 ? 2 : 4;
  }
}
