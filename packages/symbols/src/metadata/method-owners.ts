import { TYPE_TABLE, type TypeSystem } from './type-system.ts';

/** Row of the type by row of the method: a type has the methods from its first one to the next type's first one. */
export function ownersOfMethods(tables: TypeSystem): number[] {
  return owners(tables, 5, TYPE_TABLE.methodDef);
}

/** Row of the type by row of the field. */
export function ownersOfFields(tables: TypeSystem): number[] {
  return owners(tables, 4, TYPE_TABLE.field);
}

/**
 * Ranges of damaged tables may overlap: each member belongs to the first type that claims it, so that the work is linear.
 * @param column of TypeDef that holds the row of a type's first member
 */
function owners(tables: TypeSystem, column: number, members: number): number[] {
  const result: number[] = [];
  const types = tables.rows(TYPE_TABLE.typeDef);
  const behind = tables.rows(members) + 1;
  let next = 1;
  for (let type = 1; type <= types; type += 1) {
    const first = tables.row(TYPE_TABLE.typeDef, type)[column] ?? 0;
    const end = Math.min(tables.row(TYPE_TABLE.typeDef, type + 1)[column] ?? behind, behind);
    for (next = Math.max(next, first); next < end; next += 1) result[next] = type;
  }
  return result;
}
