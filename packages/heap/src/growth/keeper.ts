import { isOfName } from '../graph/type-groups.ts';
import type { Shape } from '../paths/shapes.ts';
import { typeClass } from './type-classes.ts';

export interface Keeper {
  readonly name: string;
  /** Its place in the path's types. */
  readonly at: number;
}

/**
 * The object to look at where a path's root is the platform's: a singleton service is reached from the sockets of the web server,
 * which says nothing. The nearest type above the object that does not grow itself, an own one before one of the framework; null
 * where the root is the program's own and says it best, and where all that is above is plumbing.
 * @param growing names of the types that grow
 */
export function keeperOf({ root, types }: Pick<Shape, 'root' | 'types'>, growing: readonly string[]): Keeper | null {
  const field = /^(?:thread )?static (.+)$/.exec(root)?.[1];
  if (field !== undefined && typeClass(field, '') === 'own') return null;
  const above = types.slice(0, -1);
  for (const wanted of ['own', 'framework'] as const) {
    const at = above.findLastIndex(
      (type) => typeClass(type, '') === wanted && !growing.some((name) => isOfName(type, name)),
    );
    const type = above[at];
    // Of the framework's, the class that has a page in its documentation: not its private parts.
    if (type !== undefined) return { name: wanted === 'own' ? type : type.replace(/(\+\w+)+$/, ''), at };
  }
  return null;
}
