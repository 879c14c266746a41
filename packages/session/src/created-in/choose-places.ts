import { shortTypeName, typeClass } from '@firstchance/heap';
import type { CreatedIn, CreatingPlace } from '@firstchance/model';
import type { Creation } from '@firstchance/symbols';
import { openName } from './open-name.ts';

/** More places than this are no answer. */
const FEW = 3;

export interface HeldType {
  readonly type: string;
  readonly module: string;
  /** What holds it: root, then short type names; may be empty. */
  readonly path: readonly string[];
}

interface Place extends CreatingPlace {
  readonly near: boolean;
  readonly exact: boolean;
}

/**
 * What to tell of the places that create a type: all when they are few, else those that have to do with what holds the objects,
 * when these are few: methods of the types on the path, and such that use them.
 * @param hasLines of the program's own code the lines are known, so that code without is a library's
 */
export function choosePlaces(
  held: HeldType,
  creations: readonly Creation[],
  { hasLines = false }: { readonly hasLines?: boolean } = {},
): CreatedIn | undefined {
  const whose = typeClass(held.type.replace(/(\[[,*]*\])+$/, ''), held.module);
  const own = whose === 'own' || whose === 'async';
  // Libraries of others make what .NET makes everywhere: only one that holds the objects has to do with them.
  const places = distinct(creations, holders(held)).filter(
    ({ file, near }) => own || !hasLines || file !== null || near,
  );
  const chosen = places.length <= FEW ? places : places.filter(({ near }) => near);
  if (chosen.length === 0 || chosen.length > FEW) return undefined;
  // The only place that makes any type of that form makes this one, whatever its arguments.
  const exact = places.length === 1 || places.every((place) => place.exact);
  return {
    places: chosen.map(({ near: _near, exact: _exact, ...place }) => place),
    of: places.length,
    sure: own && exact && chosen.length === places.length,
  };
}

/** One for each line, else for each method, in the order of the text. */
function distinct(creations: readonly Creation[], holders: ReadonlySet<string>): Place[] {
  const places = new Map<string, Place>();
  for (const { method, source, delegateOf, within, uses, exact } of creations) {
    const [file, line] = [source?.file ?? null, source?.line ?? null];
    const key = [method, file, line, delegateOf].join('\0');
    const known = places.get(key);
    const near = [within, ...uses].some((type) => holders.has(keyOf(type)));
    places.set(key, {
      ...{ method, file, line, ...(delegateOf === null ? {} : { calls: delegateOf }) },
      ...{ near: near || (known?.near ?? false), exact: exact || (known?.exact ?? false) },
    });
  }
  return [...places.values()].sort((a, b) => compare(a.file ?? '', b.file ?? '') || (a.line ?? 0) - (b.line ?? 0));
}

/** The program's own types that hold the objects: the static field's, and those on the path; not the type itself. */
function holders({ type, path: [root = '', ...steps] }: HeldType): Set<string> {
  const [, owner] = /^(?:thread )?static (.*)\.[^.]+$/.exec(root) ?? [];
  const names = [...(owner === undefined ? [] : [owner]), ...steps];
  const keys = new Set(names.map(keyOf));
  keys.delete(keyOf(type));
  keys.delete(NOBODY);
  return keys;
}

const NOBODY = '';

/** Of types of .NET none: they hold anybody's objects. Namespaces are left out, as paths have none. */
function keyOf(type: string): string {
  return typeClass(type, '') === 'own' ? openName(shortTypeName(type)) : NOBODY;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
