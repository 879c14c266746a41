import type { AssemblyMetadata } from './assembly.ts';
import { methodOfStateMachine, sourceType } from './compiler-names.ts';
import { ANY_TYPE, withArguments } from './generic-names.ts';
import { decode, TYPE_TABLE } from './type-system.ts';

/** Names of methods in the style of frames, without parameters: "Shop.Cache<T>.Add". */
export class MethodNames {
  readonly #assembly: AssemblyMetadata;
  #parameters: Map<number, string[]> | undefined;

  constructor(assembly: AssemblyMetadata) {
    this.#assembly = assembly;
  }

  /** @throws MalformedSymbols */
  of(method: number): string {
    return `${this.#type(this.#assembly.ownerOf(method))}.${this.bare(method)}`;
  }

  /**
   * Of an async method or iterator by the row of its MoveNext, "Shop.Orders.LoadAsync"; undefined for every other method. Without
   * a PDB the names that the compiler makes tell it.
   */
  ofStateMachine(moveNext: number): string | undefined {
    if (this.bare(moveNext) !== 'MoveNext') return undefined;
    const machine = this.#assembly.ownerOf(moveNext);
    const name = this.#assembly.names.of(TYPE_TABLE.typeDef, machine).name;
    const method = methodOfStateMachine(name);
    const outer = this.#assembly.names.enclosing(machine);
    return method === undefined || outer === undefined ? undefined : `${this.#type(outer)}.${method}`;
  }

  /** The type in whose source text the method stands: of a lambda the one around it. With backticks. */
  sourceType(method: number): string {
    return sourceType(this.#assembly.names.of(TYPE_TABLE.typeDef, this.#assembly.ownerOf(method)).name);
  }

  /** By the token in an instruction; undefined for what is no method. @throws MalformedSymbols */
  byToken(token: number): string | undefined {
    const row = token & 0xff_ffff;
    const { tables, names } = this.#assembly;
    if (token >>> 24 === TYPE_TABLE.methodDef) return this.of(row);
    if (token >>> 24 === TYPE_TABLE.methodSpec) {
      const method = decode('methodDefOrRef', tables.row(TYPE_TABLE.methodSpec, row)[0] ?? 0);
      return method && method.table !== TYPE_TABLE.methodSpec
        ? this.byToken(method.table * 0x100_0000 + method.row)
        : undefined;
    }
    const type = token >>> 24 === TYPE_TABLE.memberRef ? this.#assembly.typeOfMember(token) : undefined;
    if (!type) return undefined;
    const owner = names.of(type.table, type.row).name.replaceAll(ANY_TYPE, 'T');
    return `${owner}.${names.text(tables.row(TYPE_TABLE.memberRef, row)[1])}`;
  }

  bare(method: number): string {
    return this.#assembly.names.text(this.#assembly.tables.row(TYPE_TABLE.methodDef, method)[3]);
  }

  #type(row: number): string {
    this.#parameters ??= this.#readParameters();
    return withArguments(this.#assembly.names.of(TYPE_TABLE.typeDef, row).name, this.#parameters.get(row) ?? []);
  }

  /** Names of type parameters by row of their type, in order. */
  #readParameters(): Map<number, string[]> {
    const { tables, names } = this.#assembly;
    const result = new Map<number, string[]>();
    for (let row = 1; row <= tables.rows(TYPE_TABLE.genericParam); row += 1) {
      const [, , coded = 0, name] = tables.row(TYPE_TABLE.genericParam, row);
      const owner = decode('typeOrMethodDef', coded);
      if (owner?.table !== TYPE_TABLE.typeDef) continue;
      const known = result.get(owner.row) ?? [];
      known.push(names.text(name));
      result.set(owner.row, known);
    }
    return result;
  }
}
