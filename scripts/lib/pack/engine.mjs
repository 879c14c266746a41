import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { binaryProblems, shipped } from '../check-binaries.mjs';
import { native, root } from '../paths.mjs';
import { mustRun, StepError } from '../step.mjs';
import { readManifest, repository } from './published.mjs';
import { nativeParts } from './sbom.mjs';

/**
 * Makes the folder of one engine package from a folder of built binaries; without debugging symbols, which are most of it and
 * are kept in a folder of their own.
 */
export async function packEngine({ name, architecture, from, to, symbols, version }) {
  const bin = path.join(to, 'bin');
  for (const old of [to, symbols]) {
    await rm(old, { recursive: true, force: true });
  }
  await mkdir(bin, { recursive: true });
  for (const file of shipped) {
    const copy = path.join(bin, file);
    if (!existsSync(path.join(from, file))) {
      throw new StepError(`${path.join(from, file)} is missing: build the engine first`);
    }
    await cp(path.join(from, file), copy);
    await keepSymbols(copy, symbols);
    await mustRun('strip', ['--strip-unneeded', copy]);
    // Programs and libraries alike: what a build machine's upload took away.
    await chmod(copy, 0o755);
    const problems = binaryProblems(await mustRun('readelf', ['-W', '--dynamic', '--version-info', copy]));
    if (problems.length > 0) {
      throw new StepError(problems.map((problem) => `${file} ${problem}`).join('\n'));
    }
  }
  await cp(path.join(native, 'include/firstchance.h'), path.join(to, 'include/firstchance.h'));
  await cp(path.join(root, 'LICENSE'), path.join(to, 'LICENSE'));
  await writeFile(path.join(to, 'THIRD-PARTY-NOTICES.txt'), await nativeNotices());
  await writeFile(path.join(to, 'README.md'), readme(name, architecture));
  const { license } = await readManifest(root);
  const manifest = {
    ...{ name, version, description: `The engine of firstchance for Linux ${architecture} with glibc`, license },
    ...repository(),
    ...{ os: ['linux'], cpu: [architecture], libc: ['glibc'] },
    files: ['bin', 'include', 'THIRD-PARTY-NOTICES.txt'],
    // Programs must be files, also with Yarn's Plug'n'Play.
    preferUnplugged: true,
  };
  await writeFile(path.join(to, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  return { ...{ name, version, architecture, folder: to }, bundled: await nativeParts(), dependencies: {} };
}

/**
 * What strip takes away, where debuggers look for it (gdb: set debug-file-directory FOLDER): by the build id, which the binary
 * keeps.
 */
async function keepSymbols(file, folder) {
  const id = /Build ID: ([0-9a-f]+)/.exec(await mustRun('readelf', ['--notes', file]))?.[1];
  if (id === undefined) {
    throw new StepError(`${file} has no build id`);
  }
  const place = path.join(folder, '.build-id', id.slice(0, 2), `${id.slice(2)}.debug`);
  await mkdir(path.dirname(place), { recursive: true });
  await mustRun('objcopy', ['--only-keep-debug', '--compress-debug-sections', file, place]);
}

/** Linked into the binaries, from the distribution's packages. */
async function nativeNotices() {
  const parts = [];
  for (const [name, file] of [
    ['Zstandard (BSD 3-clause)', '/usr/share/doc/libzstd-dev/copyright'],
    ['JSON for Modern C++ (MIT)', '/usr/share/doc/nlohmann-json3-dev/copyright'],
    ['libstdc++ and libgcc (GPL 3 with the GCC Runtime Library Exception)', null],
  ]) {
    parts.push(`${name}\n${file === null ? '' : `\n${(await readFile(file, 'utf8')).trim()}\n`}`);
  }
  return `These programs contain other software, each part under its own licence.\n\n${parts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

const readme = (name, architecture) => `# ${name}

The native engine of [firstchance](https://www.npmjs.com/package/firstchance) for Linux ${architecture} with glibc 2.35 or newer. It comes with
\`firstchance\` as an optional dependency; nothing is to be done with it by hand. \`bin\` holds the engine, the agent that is loaded
into .NET processes, and \`libfirstchance.so\` with the C interface of \`include/firstchance.h\`.
`;
