import type { Refuse } from './sections.ts';

/** Every value must be below `limit`, or be `except`. */
export function checkIndexes(values: Uint32Array, limit: number, name: string, refuse: Refuse, except = -1): void {
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? 0;
    if (value >= limit && value !== except)
      throw refuse('heap-file-damaged', `section "${name}" refers to ${value} where ${limit} is the limit`);
  }
}

/** Starts of runs: from 0, never falling, ending at the number of edges. */
export function checkRuns(firstEdge: Uint32Array, edges: number, refuse: Refuse): void {
  let previous = 0;
  let falls = firstEdge[0] !== 0;
  for (let index = 0; index < firstEdge.length; index++) {
    const start = firstEdge[index] ?? 0;
    if (start < previous) falls = true;
    previous = start;
  }
  if (falls) throw refuse('heap-file-damaged', 'section "firstEdge" does not ascend from 0');
  if (previous !== edges)
    throw refuse('heap-file-damaged', `section "firstEdge" ends at ${previous} and there are ${edges} edges`);
}
