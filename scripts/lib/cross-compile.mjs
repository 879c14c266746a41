import { existsSync } from 'node:fs';
import path from 'node:path';
import { compileNative } from './build-steps.mjs';
import { aptInstall, asRoot } from './debian.mjs';
import { native } from './paths.mjs';
import { which } from './run.mjs';
import { mustRun, StepError } from './step.mjs';

const library = '/usr/lib/aarch64-linux-gnu/libzstd.a';
const compiler = 'aarch64-linux-gnu-g++';
const packages = ['g++-aarch64-linux-gnu', 'libzstd-dev:arm64'];

/** What runs a program for arm64 here, one at a time and without ptrace. */
const emulator = 'qemu-aarch64-static';
const testPackages = [...packages, 'libgtest-dev:arm64', 'libgmock-dev:arm64', 'qemu-user-static'];
const testLibrary = '/usr/lib/aarch64-linux-gnu/libgmock.a';

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
  const missing = await install(ready, packages);
  if (missing !== undefined) {
    return missing;
  }
  await compileNative('arm64', { tests: false, behind });
  const header = await mustRun('readelf', ['-h', path.join(native, 'build/arm64/bin/firstchance-engine')]);
  if (!/Machine:\s+AArch64/.test(header)) {
    throw new StepError('build/arm64/bin/firstchance-engine is no arm64 program.');
  }
  return 'compiled and linked';
}

/** Compiles the tests of the layers that trace nobody for arm64. Returns why not, where that is so. */
export async function crossCompileTests() {
  if (process.arch === 'arm64') {
    return 'skipped: this is arm64, where all tests run as they are';
  }
  const there = async () => (await ready()) && existsSync(testLibrary) && (await which(emulator)) !== null;
  const missing = await install(there, testPackages);
  return missing ?? (await compileNative('arm64-tests', { tests: true }).then(() => undefined));
}

/** Packages of both architectures, until `there`. Returns why they cannot be installed. */
async function install(there, names) {
  if (await there()) {
    return undefined;
  }
  const prefix = await asRoot();
  if (prefix === null || (await which('dpkg')) === null) {
    return `skipped: ${names.join(', ')} are missing, and installing them needs root on Debian or Ubuntu`;
  }
  const [command, ...rest] = [...prefix, 'dpkg', '--add-architecture', 'arm64'];
  await mustRun(command, rest);
  await aptInstall(prefix, names);
  if (!(await there())) {
    throw new StepError(`The packages were installed, but something of ${names.join(', ')} is still missing.`);
  }
  return undefined;
}
