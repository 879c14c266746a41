import { PlacedTables, type PlainColumn, plainWidth, readTableHead, type Width } from './table-stream.ts';

/** Table numbers (ECMA-335 II.22). */
export const TYPE_TABLE = {
  ...{ module: 0x00, typeRef: 0x01, typeDef: 0x02, field: 0x04, methodDef: 0x06, memberRef: 0x0a },
  ...{ customAttribute: 0x0c, typeSpec: 0x1b, nestedClass: 0x29, genericParam: 0x2a, methodSpec: 0x2b },
} as const;
const LAST_TABLE = 0x2c;

/** Coded indices (II.24.2.6): the tables their tag tells apart, in its order; -1 where a value is not used. */
const CODED = {
  typeDefOrRef: [0x02, 0x01, 0x1b],
  hasConstant: [0x04, 0x08, 0x17],
  hasCustomAttribute: [
    ...[0x06, 0x04, 0x01, 0x02, 0x08, 0x09, 0x0a, 0x00, 0x0e, 0x17, 0x14, 0x11, 0x1a, 0x1b, 0x20, 0x23, 0x26, 0x27],
    ...[0x28, 0x2a, 0x2c, 0x2b],
  ],
  memberRefParent: [0x02, 0x01, 0x1a, 0x06, 0x1b],
  customAttributeType: [-1, -1, 0x06, 0x0a, -1],
  resolutionScope: [0x00, 0x1a, 0x23, 0x01],
  hasFieldMarshal: [0x04, 0x08],
  hasDeclSecurity: [0x02, 0x06, 0x20],
  hasSemantics: [0x14, 0x17],
  methodDefOrRef: [0x06, 0x0a],
  memberForwarded: [0x04, 0x06],
  implementation: [0x26, 0x23, 0x27],
  typeOrMethodDef: [0x02, 0x06],
} as const;
type Coded = keyof typeof CODED;
type Column = PlainColumn | Coded | number;

/** Columns by table; a number is an index into that table. */
const COLUMNS: readonly (readonly Column[])[] = [
  ['u16', 'string', 'guid', 'guid', 'guid'], // Module
  ['resolutionScope', 'string', 'string'], // TypeRef
  ['u32', 'string', 'string', 'typeDefOrRef', 0x04, 0x06], // TypeDef
  [0x04], // FieldPtr
  ['u16', 'string', 'blob'], // Field
  [0x06], // MethodPtr
  ['u32', 'u16', 'u16', 'string', 'blob', 0x08], // MethodDef
  [0x08], // ParamPtr
  ['u16', 'u16', 'string'], // Param
  [0x02, 'typeDefOrRef'], // InterfaceImpl
  ['memberRefParent', 'string', 'blob'], // MemberRef
  ['u16', 'hasConstant', 'blob'], // Constant
  ['hasCustomAttribute', 'customAttributeType', 'blob'], // CustomAttribute
  ['hasFieldMarshal', 'blob'], // FieldMarshal
  ['u16', 'hasDeclSecurity', 'blob'], // DeclSecurity
  ['u16', 'u32', 0x02], // ClassLayout
  ['u32', 0x04], // FieldLayout
  ['blob'], // StandAloneSig
  [0x02, 0x14], // EventMap
  [0x14], // EventPtr
  ['u16', 'string', 'typeDefOrRef'], // Event
  [0x02, 0x17], // PropertyMap
  [0x17], // PropertyPtr
  ['u16', 'string', 'blob'], // Property
  ['u16', 0x06, 'hasSemantics'], // MethodSemantics
  [0x02, 'methodDefOrRef', 'methodDefOrRef'], // MethodImpl
  ['string'], // ModuleRef
  ['blob'], // TypeSpec
  ['u16', 'memberForwarded', 'string', 0x1a], // ImplMap
  ['u32', 0x04], // FieldRVA
  ['u32', 'u32'], // EncLog
  ['u32'], // EncMap
  ['u32', 'u16', 'u16', 'u16', 'u16', 'u32', 'blob', 'string', 'string'], // Assembly
  ['u32'], // AssemblyProcessor
  ['u32', 'u32', 'u32'], // AssemblyOS
  ['u16', 'u16', 'u16', 'u16', 'u32', 'blob', 'string', 'string', 'blob'], // AssemblyRef
  ['u32', 0x23], // AssemblyRefProcessor
  ['u32', 'u32', 'u32', 0x23], // AssemblyRefOS
  ['u32', 'string', 'blob'], // File
  ['u32', 'u32', 'string', 'string', 'implementation'], // ExportedType
  ['u32', 'u32', 'string', 'implementation'], // ManifestResource
  [0x02, 0x02], // NestedClass
  ['u16', 'u16', 'typeOrMethodDef', 'string'], // GenericParam
  ['methodDefOrRef', 'blob'], // MethodSpec
  [0x2a, 'typeDefOrRef'], // GenericParamConstraint
];

const tagBits = (kind: Coded): number => Math.ceil(Math.log2(CODED[kind].length));

/** The type system's tables in an assembly's #~ stream; rows count from 1. */
export class TypeSystem {
  readonly #rows: ReadonlyMap<number, number>;
  readonly #tables: PlacedTables;

  /** @throws MalformedSymbols */
  constructor(stream: Uint8Array) {
    const { heapSizes, rows, cursor } = readTableHead(stream);
    this.#rows = rows;
    // Bit 6: four bytes of extra data behind the row counts (uncompressed metadata).
    if ((heapSizes & 0x40) !== 0) cursor.skip(4);
    this.#tables = new PlacedTables(stream, cursor.position);
    for (const [table, count] of rows) {
      if (table > LAST_TABLE || count === 0) continue;
      this.#tables.add(
        table,
        count,
        (COLUMNS[table] ?? []).map((column) => this.#width(column, heapSizes)),
      );
    }
  }

  rows(table: number): number {
    return this.#rows.get(table) ?? 0;
  }

  /** Columns of a row; empty when there is no such row. */
  row(table: number, row: number): number[] {
    return this.#tables.row(table, row) ?? [];
  }

  #width(column: Column, heapSizes: number): Width {
    if (typeof column === 'number') return this.rows(column) < 2 ** 16 ? 2 : 4;
    if (!isCoded(column)) return plainWidth(column, heapSizes);
    const most = Math.max(...CODED[column].map((table) => this.rows(table)));
    return most < 2 ** (16 - tagBits(column)) ? 2 : 4;
  }
}

function isCoded(column: PlainColumn | Coded): column is Coded {
  return Object.hasOwn(CODED, column);
}

/** What a coded index points at; undefined for a tag that is none. */
export function decode(kind: Coded, value: number): { readonly table: number; readonly row: number } | undefined {
  const bits = tagBits(kind);
  const table = CODED[kind][value & (2 ** bits - 1)];
  return table === undefined || table < 0 ? undefined : { table, row: value >>> bits };
}
