/** Of a longer path the root and this many last steps are shown: between them are a web server's own objects, by the dozen. */
const LONGEST_PATH = 12;
const LAST_STEPS = 8;

/** The whole of it is in the check's file. */
export function foldedPath(path: readonly string[]): readonly string[] {
  if (path.length <= LONGEST_PATH) return path;
  return [...path.slice(0, 1), `(${path.length - 1 - LAST_STEPS} more)`, ...path.slice(-LAST_STEPS)];
}
