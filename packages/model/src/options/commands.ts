import type { CommandName } from './definition.ts';

export const SESSION: readonly CommandName[] = ['run', 'attach', 'serve'];
/** Commands that wait for one command or process of their own. */
export const WAITING: readonly CommandName[] = ['run', 'attach'];
export const WITH_DUMP: readonly CommandName[] = ['run', 'attach', 'serve', 'dump'];
/** Commands that make a session folder. */
export const WITH_FOLDER: readonly CommandName[] = [...WITH_DUMP, 'check', 'merge'];
/** Commands that start the program under test. */
export const STARTING: readonly CommandName[] = ['run', 'check', 'serve'];
/** Commands that read the graph of a heap. */
export const HEAP: readonly CommandName[] = ['heap', 'diff', 'path'];
export const ALL: readonly CommandName[] = [
  ...WITH_FOLDER,
  ...HEAP,
  ...(['census', 'ps', 'doctor', 'unpack', 'decrypt', 'show', 'report', 'init', 'clean'] as const),
];
