import { isOfName } from '../graph/type-groups.ts';
import type { Shape } from '../paths/shapes.ts';
import { typeClass } from './type-classes.ts';

export interface Keeper {
  readonly name: string;
  /** Its place in the path's types. */
  readonly at: number;
}

/** Lists of the platform's own making are no class that anybody looks up. */
const LIST = /(List|Collection|Table|Queue|Stack|Set|Map|Dictionary|Bag)(`\d+)?(<.*>)?$/;

/**
 * The object to look at where a path's root is the platform's: a singleton service is reached from the sockets of the web server,
 * which says nothing. The nearest type above the object that does not grow itself, an own one before one of the framework; null
 * where the root is the program's own and says it best, and where all that is above is plumbing.
 * @param growing names of the types that grow
 * @param holds whether objects of a type on the path hold the objects alone. An own service that only uses what others use as well,
 *   like the one cache of a program, stands on the shortest path by chance: then the cache is the one to look at.
 */
export function keeperOf(
  { root, types }: Pick<Shape, 'root' | 'types'>,
  growing: readonly string[],
  holds: (type: string) => boolean = () => true,
): Keeper | null {
  const field = /^(?:thread )?static (.+)$/.exec(root)?.[1];
  if (field !== undefined && typeClass(field, '') === 'own') return null;
  const above = types.slice(0, -1);
  const nearest = (wanted: 'own' | 'framework') => {
    const at = above.findLastIndex(
      (type) =>
        typeClass(type, '') === wanted &&
        !(wanted === 'framework' && LIST.test(type)) &&
        !growing.some((name) => isOfName(type, name)),
    );
    const type = above[at];
    // Of the framework's, the class that has a page in its documentation: not its private parts.
    return type === undefined ? null : { name: wanted === 'own' ? type : type.replace(/(\+\w+)+$/, ''), at, type };
  };
  const [own, framework] = [nearest('own'), nearest('framework')];
  const byChance =
    own !== null && framework !== null && framework.at > own.at && !holds(own.type) && holds(framework.type);
  const keeper = byChance ? framework : (own ?? framework);
  return keeper && { name: keeper.name, at: keeper.at };
}
