import type { AssemblyMetadata } from '../metadata/assembly.ts';
import { MalformedSymbols } from '../metadata/byte-cursor.ts';
import { isStateMachine } from '../metadata/compiler-names.ts';
import { ANY_TYPE, asPattern, fitsPattern } from '../metadata/generic-names.ts';
import type { SignatureType } from '../metadata/type-signature.ts';
import { TYPE_TABLE } from '../metadata/type-system.ts';
import { factoryMethods, factoryOwners, madeByFactory } from './factories.ts';

export interface TypeMatch {
  readonly type: string;
  /** False where type parameters of the code stand for the type's arguments. */
  readonly exact: boolean;
}

/** Which of the asked types an instruction's token means; each token is looked up once. */
export class WantedTypes {
  readonly #assembly: AssemblyMetadata;
  readonly #names: ReadonlySet<string>;
  readonly #generic: readonly string[];
  readonly #constructed = new Map<number, readonly TypeMatch[]>();
  readonly #arrays = new Map<number, readonly TypeMatch[]>();
  readonly #stateMachines: boolean;
  /** Index of the name of the method that copies a record; undefined where there are no records. */
  readonly #clone: number | undefined;
  /** Names of methods of .NET that make objects of an asked type, and which names, by index, are such. */
  readonly #factories: ReadonlySet<string>;
  readonly #factoryAt = new Map<number, boolean>();

  /** @param names as the engine writes types */
  constructor(assembly: AssemblyMetadata, names: ReadonlySet<string>) {
    this.#assembly = assembly;
    this.#names = names;
    this.#stateMachines = [...names].some(isStateMachine);
    this.#clone = assembly.names.indexOf('<Clone>$');
    this.#generic = [...names].filter((name) => name.includes('<'));
    this.#factories = factoryMethods(names);
  }

  /** Whether the assembly names one of the types at all: few do, and reading names is faster than reading code. */
  get occur(): boolean {
    const { tables, names } = this.#assembly;
    const elements = [...this.#names].map((name) => name.replace(/(?:\[[,*]*\])+$/, ''));
    const plain = new Set([...elements, ...factoryOwners(elements)]);
    const generic = elements.filter((name) => name.includes('<'));
    for (const table of [TYPE_TABLE.typeDef, TYPE_TABLE.typeRef]) {
      for (let row = 1; row <= tables.rows(table); row += 1) {
        const name = safely(() => names.of(table, row).name);
        if (name === undefined) continue;
        if (plain.has(name) || generic.some((one) => fitsPattern(asPattern(name), one))) return true;
      }
    }
    return false;
  }

  /** @param token of a constructor; of arrays with several dimensions too */
  constructed(token: number): readonly TypeMatch[] {
    return remembered(this.#constructed, token, () => {
      const owner = this.#assembly.typeOfMember(token);
      const type = owner && this.#assembly.names.of(owner.table, owner.row);
      // It makes a value, not an object.
      return type === undefined || type.isValueType ? [] : this.#match(type);
    });
  }

  /** @param token of the elements' type */
  arrayOf(token: number): readonly TypeMatch[] {
    return remembered(this.#arrays, token, () => {
      const { name } = this.#assembly.names.of(token >>> 24, token & 0xff_ffff);
      return this.#match({ name: `${name}[]` });
    });
  }

  /**
   * What a call makes: `with` calls a record's method that copies it, an async method starts a state machine, which lives on the
   * heap while the call waits, and some types of .NET have a method that makes them.
   * @param token of a method
   */
  madeByCall(token: number): readonly TypeMatch[] {
    const table = token >>> 24;
    if (table === TYPE_TABLE.methodSpec) return this.#stateMachines ? this.#started(token) : [];
    const name = this.#nameOf(table, token & 0xff_ffff);
    if (name !== undefined && this.#isFactory(name)) return this.#manufactured(token, name);
    return this.#clone !== undefined && name === this.#clone ? this.constructed(token) : [];
  }

  /** Whether the method belongs to a type itself: an iterator that is run through twice makes a copy there. */
  isOfType(method: number, type: string): boolean {
    const { name } = this.#assembly.names.of(TYPE_TABLE.typeDef, this.#assembly.ownerOf(method));
    return fitsPattern(asPattern(name), type);
  }

  /** Whether a method is the one that copies a record: where it is called is the place to tell. */
  isClone(method: number): boolean {
    return this.#clone !== undefined && this.#nameOf(TYPE_TABLE.methodDef, method) === this.#clone;
  }

  /** Which of the asked types are structures of this assembly. */
  structures(): string[] {
    const found: string[] = [];
    for (let row = 1; row <= this.#assembly.tables.rows(TYPE_TABLE.typeDef); row += 1) {
      const type = safely(() => this.#assembly.names.of(TYPE_TABLE.typeDef, row));
      // That of an async method moves to the heap when it first waits.
      if (type?.isValueType && !isStateMachine(type.name))
        found.push(...this.#match({ name: asPattern(type.name) }).map((match) => match.type));
    }
    return found;
  }

  /** A name may be the end of a longer one, and have several indices. */
  #isFactory(name: number): boolean {
    if (this.#factories.size === 0) return false;
    let is = this.#factoryAt.get(name);
    if (is === undefined) {
      is = this.#factories.has(safely(() => this.#assembly.names.text(name)) ?? '');
      this.#factoryAt.set(name, is);
    }
    return is;
  }

  /** .NET itself calls these methods as well: a place in the program is perhaps the one. */
  #manufactured(token: number, name: number): readonly TypeMatch[] {
    return remembered(this.#constructed, token, () => {
      const { names } = this.#assembly;
      const owner = this.#assembly.typeOfMember(token);
      const made = owner ? madeByFactory(names.of(owner.table, owner.row).name, names.text(name), this.#names) : [];
      return made.map((type) => ({ type, exact: false }));
    });
  }

  /** Start<StateMachine> of the builders of async methods. */
  #started(token: number): readonly TypeMatch[] {
    return remembered(this.#constructed, token, () => {
      const [, blob = 0] = this.#assembly.tables.row(TYPE_TABLE.methodSpec, token & 0xff_ffff);
      const name = this.#assembly.names.onlyArgument(this.#assembly.heaps.blob(blob));
      return name !== undefined && isStateMachine(name) ? this.#match({ name }) : [];
    });
  }

  /** Index of a method's name; equal names have equal indices as compilers write them. */
  #nameOf(table: number, row: number): number | undefined {
    const columns = this.#assembly.tables.row(table, row);
    return table === TYPE_TABLE.methodDef ? columns[3] : table === TYPE_TABLE.memberRef ? columns[1] : undefined;
  }

  #match({ name }: Pick<SignatureType, 'name'>): TypeMatch[] {
    if (this.#names.has(name)) return [{ type: name, exact: true }];
    // An array of a type parameter could be of anything.
    if (!name.includes(ANY_TYPE) || name.startsWith(ANY_TYPE)) return [];
    return this.#generic.filter((one) => fitsPattern(name, one)).map((type) => ({ type, exact: false }));
  }
}

function remembered(
  known: Map<number, readonly TypeMatch[]>,
  token: number,
  look: () => readonly TypeMatch[],
): readonly TypeMatch[] {
  let matches = known.get(token);
  if (matches === undefined) {
    matches = safely(look) ?? [];
    known.set(token, matches);
  }
  return matches;
}

function safely<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof MalformedSymbols) return undefined;
    throw error;
  }
}
