import { readableType } from '@firstchance/model';
import type { Shape } from './shapes.ts';

/** "System.Collections.Generic.List<Shop.Session>" → "List<Session>": namespaces go, outer types stay. */
export function shortTypeName(type: string): string {
  return readableType(type).replace(/(?:[\p{L}\p{N}_@$]+\.)+(?=[\p{L}_@$<])/gu, '');
}

/** A path as reports hold it: root, then short type names: "static Shop.Store.s_sessions", "List<Session>", "Session[]", "Session". */
export function pathNames({ root, types }: Shape): string[] {
  return [root, ...types.map(shortTypeName)];
}
