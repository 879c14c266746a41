import { outsideRange } from '@firstchance/protocol';

/** As in peerDependencies. */
const RANGE = '>=1.50 <2';

/** One line for people when a version is out of range, else undefined. */
export function versionProblem(version: string): string | undefined {
  if (!outsideRange(version, RANGE)) return undefined;
  return `firstchance: this adapter is made for Playwright 1.50 and later of version 1, not ${version}; captures may not be tied to tests`;
}
