import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../paths.mjs';
import { StepError } from '../step.mjs';

/** The text that licences ask for: of each package that is inside one of ours, its name, version and licence. */
export async function thirdPartyNotices(packages) {
  const parts = [];
  for (const one of packages) {
    parts.push(`${one.name} ${one.version} (${one.license})\n\n${(await licenceOf(one)).trim()}\n`);
  }
  return `This package contains other software, each part under its own licence.\n\n${parts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

/** Of a package that only names the MIT licence, its text, which is the same for all but for the author. */
async function licenceOf({ folder, name, license, author }) {
  const file = (await readdir(folder)).find((one) => /^licen[cs]e(\.(md|txt))?$/i.test(one));
  if (file !== undefined) {
    return readFile(path.join(folder, file), 'utf8');
  }
  if (license !== 'MIT') {
    throw new StepError(`${name} has no licence file in ${folder}: look up what its licence (${license}) asks for`);
  }
  const text = await readFile(path.join(root, 'LICENSE'), 'utf8');
  return text.replace(/^Copyright .*$/m, `Copyright (c) ${author?.name ?? author ?? `the authors of ${name}`}`);
}
