import type { AssemblyMetadata } from '../metadata/assembly.ts';
import { MalformedSymbols } from '../metadata/byte-cursor.ts';
import { ANY_TYPE, asPattern, fitsPattern } from '../metadata/generic-names.ts';
import type { SignatureType } from '../metadata/type-signature.ts';
import { TYPE_TABLE } from '../metadata/type-system.ts';

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

  /** @param names as the engine writes types */
  constructor(assembly: AssemblyMetadata, names: ReadonlySet<string>) {
    this.#assembly = assembly;
    this.#names = names;
    this.#generic = [...names].filter((name) => name.includes('<'));
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

  /** Which of the asked types are structures of this assembly. */
  structures(): string[] {
    const found: string[] = [];
    for (let row = 1; row <= this.#assembly.tables.rows(TYPE_TABLE.typeDef); row += 1) {
      const type = safely(() => this.#assembly.names.of(TYPE_TABLE.typeDef, row));
      if (type?.isValueType) found.push(...this.#match({ name: asPattern(type.name) }).map((match) => match.type));
    }
    return found;
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
