import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { native } from './paths.mjs';
import { mustRun, StepError } from './step.mjs';

const oldestGlibc = [2, 35]; // Ubuntu 22.04
/** All that a binary may need from the user's machine: glibc's own parts. Neither libstdc++ nor libgcc_s nor libzstd. */
const allowed =
  /^(libc\.so\.6|libm\.so\.6|libdl\.so\.2|libpthread\.so\.0|librt\.so\.1|ld-linux-(x86-64|aarch64)\.so\.[12])$/;
/** What users get, in build/PRESET/bin. */
export const shipped = ['firstchance-engine', 'libfirstchance.so', 'libfirstchance_agent.so'];

/** What is wrong with a binary, from `readelf --dynamic --version-info` on it. */
export function binaryProblems(text) {
  const problems = new Set();
  for (const [, library] of text.matchAll(/\(NEEDED\).*\[(.*)\]/g)) {
    if (!allowed.test(library)) {
      problems.add(`needs ${library}`);
    }
  }
  // Only what it needs of others; a version it defines itself is in the section before.
  const needs = text.slice(text.indexOf('.gnu.version_r'));
  for (const [, version] of needs.matchAll(/Name: GLIBC_([\w.]+)/g)) {
    const [major, minor] = version.split('.').map(Number);
    // GLIBC_ABI_DT_RELR and its like mark features of a loader newer than 2.35.
    if (Number.isNaN(major) || major > oldestGlibc[0] || (major === oldestGlibc[0] && minor > oldestGlibc[1])) {
      problems.add(`needs glibc ${version}, which is newer than ${oldestGlibc.join('.')}`);
    }
  }
  return [...problems];
}

/** The binaries that are shipped run on a machine with glibc 2.35 and nothing else. */
export async function checkBinaries(folder = path.join(native, 'build/release/bin')) {
  const present = await readdir(folder).catch(() => []);
  const problems = shipped.filter((file) => !present.includes(file)).map((file) => `${file} is missing in ${folder}`);
  for (const file of shipped.filter((one) => present.includes(one))) {
    const text = await mustRun('readelf', ['-W', '--dynamic', '--version-info', path.join(folder, file)]);
    problems.push(...binaryProblems(text).map((problem) => `${file} ${problem}`));
  }
  if (problems.length > 0) {
    throw new StepError(problems.join('\n'));
  }
  return shipped.join(', ');
}
