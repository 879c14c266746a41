import { relative } from 'node:path';

/** A path as the person would type it: relative below the working folder, else absolute. */
export function shownPath(workingFolder: string, path: string): string {
  const short = relative(workingFolder, path);
  return short === '' ? '.' : short.startsWith('..') ? path : short;
}
