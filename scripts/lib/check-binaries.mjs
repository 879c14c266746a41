import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { native } from './paths.mjs';
import { mustRun, StepError } from './step.mjs';

const oldest = [2, 35]; // Ubuntu 22.04
const forbidden = [/libstdc\+\+/, /libgcc_s/, /libzstd/];

/** What is shipped needs nothing newer than glibc 2.35, and no library that a user's machine may lack. */
export async function checkBinaries() {
  const folder = path.join(native, 'build/release/bin');
  const files = (await readdir(folder)).filter((file) => file === 'firstchance-engine' || file.endsWith('.so'));
  if (!files.includes('firstchance-engine') || !files.includes('libfirstchance_agent.so')) {
    throw new StepError(`The engine or the agent is missing in ${folder}.`);
  }
  const problems = [];
  for (const file of files) {
    const symbols = await mustRun('objdump', ['-T', path.join(folder, file)]);
    for (const [, major, minor] of symbols.matchAll(/GLIBC_(\d+)\.(\d+)/g)) {
      if (Number(major) > oldest[0] || (Number(major) === oldest[0] && Number(minor) > oldest[1])) {
        problems.push(`${file} needs glibc ${major}.${minor}`);
      }
    }
    const dynamic = await mustRun('readelf', ['-d', path.join(folder, file)]);
    for (const [, library] of dynamic.matchAll(/NEEDED.*\[(.*)\]/g)) {
      if (forbidden.some((pattern) => pattern.test(library))) {
        problems.push(`${file} needs ${library}`);
      }
    }
  }
  if (problems.length > 0) {
    throw new StepError([...new Set(problems)].join('\n'));
  }
  return files.join(', ');
}
