import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { StepError } from '../step.mjs';

/** The text that licences ask for: of each package that is inside one of ours, its name, version and licence. */
export async function thirdPartyNotices(packages) {
  const parts = [];
  for (const { folder, name, version, license } of packages) {
    const file = (await readdir(folder)).find((one) => /^licen[cs]e(\.(md|txt))?$/i.test(one));
    if (file === undefined) {
      throw new StepError(`${folder} has no licence file`);
    }
    const text = (await readFile(path.join(folder, file), 'utf8')).trim();
    parts.push(`${name} ${version} (${license})\n\n${text}\n`);
  }
  return `This package contains other software, each part under its own licence.\n\n${parts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}
