import { existsSync } from 'node:fs';
import path from 'node:path';
import { compileNative } from './build-steps.mjs';
import { aptInstall, asRoot } from './debian.mjs';
import { native } from './paths.mjs';
import { which } from './run.mjs';
import { mustRun, StepError } from './step.mjs';

const library = '/usr/lib/aarch64-linux-gnu/libzstd.a';
const compiler = 'aarch64-linux-gnu-g++';

const ready = async () => (await which(compiler)) !== null && existsSync(library);

/**
 * Compiles and links the engine for arm64 with Debian's cross compiler; libzstd of that architecture comes by multiarch.
 * Returns what was done, in words, or that it was skipped and why.
 * @param behind quietly, with what other work leaves of the processors
 */
export async function crossCompile({ behind = false } = {}) {
  if (process.arch === 'arm64') {
    return 'this is arm64: the release build was it';
  }
  if (!(await ready())) {
    const prefix = await asRoot();
    if (prefix === null || (await which('dpkg')) === null) {
      return `skipped: ${compiler} and libzstd-dev:arm64 are missing, and installing them needs root on Debian or Ubuntu`;
    }
    const [command, ...rest] = [...prefix, 'dpkg', '--add-architecture', 'arm64'];
    await mustRun(command, rest);
    await aptInstall(prefix, ['g++-aarch64-linux-gnu', 'libzstd-dev:arm64']);
    if (!(await ready())) {
      throw new StepError(`The packages were installed, but ${compiler} or ${library} is still missing.`);
    }
  }
  await compileNative('arm64', { tests: false, behind });
  const header = await mustRun('readelf', ['-h', path.join(native, 'build/arm64/bin/firstchance-engine')]);
  if (!/Machine:\s+AArch64/.test(header)) {
    throw new StepError('build/arm64/bin/firstchance-engine is no arm64 program.');
  }
  return 'compiled and linked; not run, this machine cannot';
}
