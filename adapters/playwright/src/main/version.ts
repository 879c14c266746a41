/** Versions of Playwright that this adapter was made for, as in its package.json. */
const FIRST_MINOR = 50;

/** One line for people when a version is out of range, else undefined. */
export function versionProblem(version: string): string | undefined {
  const [, major, minor] = /^(\d+)\.(\d+)\./.exec(version) ?? [];
  if (major === undefined || minor === undefined) return undefined;
  if (Number(major) === 1 && Number(minor) >= FIRST_MINOR) return undefined;
  return `firstchance: this adapter is made for Playwright 1.${FIRST_MINOR} and later of version 1, not ${version}; captures may not be tied to tests`;
}
