import { shownType } from '@firstchance/model';

/** Of a longer path the root and this many last steps are shown: between them are a web server's own objects, by the dozen. */
const LONGEST_PATH = 12;
const LAST_STEPS = 8;

/** The whole of it is in the check's file. */
export function foldedPath(path: readonly string[]): readonly string[] {
  const shown = shownPath(path);
  if (shown.length <= LONGEST_PATH) return shown;
  return [...shown.slice(0, 1), `(${shown.length - 1 - LAST_STEPS} more)`, ...shown.slice(-LAST_STEPS)];
}

/** All of it. */
export function shownPath([root, ...steps]: readonly string[]): string[] {
  return root === undefined ? [] : [readableRoot(root), ...steps.map((step) => shownType(step))];
}

/** The compiler's name of the field behind a property is the property's to a reader. */
export function readableRoot(root: string): string {
  return root.replace(/<(\w+)>k__BackingField$/, '$1');
}
