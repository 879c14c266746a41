export type { LocateRequest, OpenOptions, SourcePosition } from './types.ts';
