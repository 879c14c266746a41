import { ByteCursor, MalformedSymbols } from './byte-cursor.ts';
import type { Heaps } from './heaps.ts';
import { LONGEST_NAME, readSignatureType, type SignatureType } from './type-signature.ts';
import { decode, TYPE_TABLE, type TypeSystem } from './type-system.ts';

const GENERIC_METHOD = 0x0a;
const MAXIMUM_NAME_BYTES = 4096;
/** Deeper nesting of types than this is a circle. */
const DEEPEST_NESTING = 32;
/** All names of an assembly together: a hostile one could make each of them long. */
const MOST_CHARACTERS = 32 * 1024 * 1024;

/** Names of types as the engine writes them: "Namespace.Outer+Inner<System.Int32>", "T[]". */
export class TypeNames {
  readonly #tables: TypeSystem;
  readonly #strings: Uint8Array;
  readonly #heaps: Heaps;
  readonly #known = new Map<number, SignatureType>();
  #enclosing: Map<number, number> | undefined;
  #characters = 0;

  constructor(tables: TypeSystem, strings: Uint8Array, heaps: Heaps) {
    this.#tables = tables;
    this.#strings = strings;
    this.#heaps = heaps;
  }

  /** @throws MalformedSymbols */
  text(index = 0): string {
    return new ByteCursor(this.#strings, index).terminated(MAXIMUM_NAME_BYTES);
  }

  /** Index of a text that stands for itself in the heap of strings; undefined when there is none. */
  indexOf(text: string): number | undefined {
    const at = Buffer.from(this.#strings.buffer, this.#strings.byteOffset, this.#strings.length).indexOf(`\0${text}\0`);
    return at < 0 ? undefined : at + 1;
  }

  /** The type argument in a MethodSpec's signature (II.23.2.15); undefined when there are several. @throws MalformedSymbols */
  onlyArgument(blob: Uint8Array): string | undefined {
    const cursor = new ByteCursor(blob);
    if (cursor.u8() !== GENERIC_METHOD || cursor.compressed() !== 1) return undefined;
    return readSignatureType(cursor, (coded) => this.#named(coded)).name;
  }

  /** Of a TypeDef, TypeRef (both with backticks: they are no instances) or TypeSpec. @throws MalformedSymbols */
  of(table: number, row: number): SignatureType {
    const token = table * 0x100_0000 + row;
    const known = this.#known.get(token);
    if (known) return known;
    if (this.#characters > MOST_CHARACTERS) throw new MalformedSymbols('the names of types are too long');
    const type = this.#read(table, row);
    if (type.name.length > LONGEST_NAME) throw new MalformedSymbols('a type has a name that is too long');
    this.#characters += type.name.length;
    this.#known.set(token, type);
    return type;
  }

  /** Row of the type a nested one is declared in. */
  enclosing(row: number): number | undefined {
    this.#enclosing ??= this.#readEnclosing();
    return this.#enclosing.get(row);
  }

  #read(table: number, row: number): SignatureType {
    if (table === TYPE_TABLE.typeSpec) {
      const [blob] = this.#tables.row(table, row);
      if (blob === undefined) throw new MalformedSymbols(`no TypeSpec ${row}`);
      return readSignatureType(new ByteCursor(this.#heaps.blob(blob)), (coded) => this.#named(coded));
    }
    if (table === TYPE_TABLE.typeRef) return { name: this.#reference(row, 0), isValueType: false };
    if (table !== TYPE_TABLE.typeDef) throw new MalformedSymbols(`table 0x${table.toString(16)} holds no types`);
    return { name: this.#definition(row, 0), isValueType: this.#isStructure(row) };
  }

  /** A signature names definitions and references; a TypeSpec there could lead in circles, and no compiler writes one. */
  #named(coded: number): string {
    const type = decode('typeDefOrRef', coded);
    if (!type || type.table === TYPE_TABLE.typeSpec) throw new MalformedSymbols('a signature names no type');
    return this.of(type.table, type.row).name;
  }

  #definition(row: number, depth: number): string {
    const [, name, namespace] = this.#tables.row(TYPE_TABLE.typeDef, row);
    if (name === undefined || depth > DEEPEST_NESTING) throw new MalformedSymbols(`no TypeDef ${row}`);
    const outer = this.enclosing(row);
    return outer === undefined
      ? join(this.text(namespace), this.text(name))
      : `${this.#definition(outer, depth + 1)}+${this.text(name)}`;
  }

  #reference(row: number, depth: number): string {
    const [scope, name, namespace] = this.#tables.row(TYPE_TABLE.typeRef, row);
    if (name === undefined || depth > DEEPEST_NESTING) throw new MalformedSymbols(`no TypeRef ${row}`);
    const outer = decode('resolutionScope', scope ?? 0);
    return outer?.table === TYPE_TABLE.typeRef
      ? `${this.#reference(outer.row, depth + 1)}+${this.text(name)}`
      : join(this.text(namespace), this.text(name));
  }

  /** System.Enum is a class, but what derives from it is not; System.ValueType itself likewise. */
  #isStructure(row: number): boolean {
    const base = decode('typeDefOrRef', this.#tables.row(TYPE_TABLE.typeDef, row)[3] ?? 0);
    if (base?.table !== TYPE_TABLE.typeRef || base.row === 0) return false;
    const name = this.#reference(base.row, 0);
    return name === 'System.ValueType' || name === 'System.Enum';
  }

  #readEnclosing(): Map<number, number> {
    const result = new Map<number, number>();
    for (let row = 1; row <= this.#tables.rows(TYPE_TABLE.nestedClass); row += 1) {
      const [nested = 0, outer = 0] = this.#tables.row(TYPE_TABLE.nestedClass, row);
      result.set(nested, outer);
    }
    return result;
  }
}

function join(namespace: string, name: string): string {
  return namespace === '' ? name : `${namespace}.${name}`;
}
