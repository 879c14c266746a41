import type { CommandName } from './definition.ts';

export const SESSION: readonly CommandName[] = ['run', 'attach'];
export const WITH_DUMP: readonly CommandName[] = ['run', 'attach', 'dump'];
/** Commands that read the graph of a heap. */
export const HEAP: readonly CommandName[] = ['heap', 'diff', 'path'];
export const ALL: readonly CommandName[] = [
  ...HEAP,
  ...(['run', 'attach', 'dump', 'ps', 'doctor', 'unpack', 'show', 'init', 'clean'] as const),
];
