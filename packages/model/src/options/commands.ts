import type { CommandName } from './definition.ts';

export const SESSION: readonly CommandName[] = ['run', 'attach'];
export const WITH_DUMP: readonly CommandName[] = ['run', 'attach', 'dump'];
export const ALL: readonly CommandName[] = [
  'run',
  'attach',
  'dump',
  'census',
  'ps',
  'doctor',
  'unpack',
  'show',
  'init',
  'clean',
];
