import type { CommandName } from './definition.ts';

export const SESSION: readonly CommandName[] = ['run', 'attach'];
export const WITH_DUMP: readonly CommandName[] = ['run', 'attach', 'dump'];
export const WITH_FOLDER: readonly CommandName[] = [...WITH_DUMP, 'merge'];
export const ALL: readonly CommandName[] = [
  ...WITH_FOLDER,
  ...(['ps', 'doctor', 'unpack', 'show', 'report', 'init', 'clean'] as const),
];
