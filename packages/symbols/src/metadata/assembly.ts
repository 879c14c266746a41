import { ByteCursor } from './byte-cursor.ts';
import { Heaps } from './heaps.ts';
import { ownersOfFields, ownersOfMethods } from './method-owners.ts';
import { readStreams } from './streams.ts';
import { TypeNames } from './type-names.ts';
import { decode, TYPE_TABLE, TypeSystem } from './type-system.ts';

/** What an assembly's metadata says about types, methods and fields. Methods throw MalformedSymbols on contradictions. */
export class AssemblyMetadata {
  readonly tables: TypeSystem;
  readonly names: TypeNames;
  readonly heaps: Heaps;
  readonly #methodOwners: readonly number[];
  #fieldOwners: readonly number[] | undefined;

  /** @param metadata from its signature on */
  constructor(metadata: Uint8Array) {
    const streams = readStreams(metadata);
    this.tables = new TypeSystem(streams.get('#~') ?? new Uint8Array(0));
    this.heaps = new Heaps(streams);
    this.names = new TypeNames(this.tables, streams.get('#Strings') ?? new Uint8Array(0), this.heaps);
    this.#methodOwners = ownersOfMethods(this.tables);
  }

  /** Module version id, "0f8fad5b-d9cb-469f-a165-70867728950e". */
  get mvid(): string {
    return new ByteCursor(Buffer.from(this.heaps.guid(this.tables.row(TYPE_TABLE.module, 1)[2] ?? 0), 'hex')).guid();
  }

  /** Row of the type that a MethodDef belongs to; 0 for none. */
  ownerOf(method: number): number {
    return this.#methodOwners[method] ?? 0;
  }

  /** The type that a method or field belongs to, by the token in an instruction; undefined for a global one. */
  typeOfMember(token: number): { readonly table: number; readonly row: number } | undefined {
    const row = token & 0xff_ffff;
    switch (token >>> 24) {
      case TYPE_TABLE.methodDef:
        return { table: TYPE_TABLE.typeDef, row: this.ownerOf(row) };
      case TYPE_TABLE.field:
        this.#fieldOwners ??= ownersOfFields(this.tables);
        return { table: TYPE_TABLE.typeDef, row: this.#fieldOwners[row] ?? 0 };
      case TYPE_TABLE.memberRef: {
        const parent = decode('memberRefParent', this.tables.row(TYPE_TABLE.memberRef, row)[0] ?? 0);
        return parent?.table === TYPE_TABLE.methodDef
          ? { table: TYPE_TABLE.typeDef, row: this.ownerOf(parent.row) }
          : parent;
      }
      case TYPE_TABLE.methodSpec: {
        const method = decode('methodDefOrRef', this.tables.row(TYPE_TABLE.methodSpec, row)[0] ?? 0);
        return method && this.typeOfMember(method.table * 0x100_0000 + method.row);
      }
      default:
        return undefined;
    }
  }
}
