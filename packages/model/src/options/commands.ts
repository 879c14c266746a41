import type { CommandName } from './definition.ts';

export const SESSION: readonly CommandName[] = ['run', 'attach'];
export const WITH_DUMP: readonly CommandName[] = ['run', 'attach', 'dump'];
/** Commands that make a session folder. */
export const WITH_FOLDER: readonly CommandName[] = [...WITH_DUMP, 'check'];
/** Commands that start the program under test. */
export const STARTING: readonly CommandName[] = ['run', 'check'];
export const ALL: readonly CommandName[] = [...WITH_FOLDER, 'census', 'ps', 'doctor', 'unpack', 'show', 'init', 'clean'];
