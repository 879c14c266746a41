import type { SessionFolder } from '@firstchance/manifest';
import type { SessionOptions, SessionPlan } from '@firstchance/session';

/** What a session in this folder is told. @param version of firstchance; absent: a program uses its API */
export function sessionPlan(
  { options, folder, version }: { options: SessionOptions; folder: SessionFolder; version?: string },
  command: readonly string[],
): SessionPlan {
  return {
    ...{ options, sessionId: folder.id, folder: folder.path, shared: folder.sharedWith.length > 0, command },
    versions: { ...(version === undefined ? {} : { firstchance: version }), node: process.versions.node },
  };
}
