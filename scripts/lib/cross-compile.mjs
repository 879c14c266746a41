import { buildNative } from './build-steps.mjs';
import { run, which } from './run.mjs';
import { mustRun, StepError } from './step.mjs';

/** Compiles the engine for arm64 with Debian's cross compiler; libzstd of that architecture comes by multiarch. */
export async function crossCompile() {
  const ready = (await which('aarch64-linux-gnu-g++')) !== null && (await hasArm64Zstd());
  if (!ready) {
    if (process.getuid?.() !== 0 || (await which('apt-get')) === null) {
      return 'skipped: needs root to install g++-aarch64-linux-gnu and libzstd-dev:arm64';
    }
    await mustRun('dpkg', ['--add-architecture', 'arm64']);
    await mustRun('apt-get', ['update']);
    await mustRun('apt-get', [
      'install',
      '-y',
      '--no-install-recommends',
      'g++-aarch64-linux-gnu',
      'libzstd-dev:arm64',
    ]);
    if (!(await hasArm64Zstd())) {
      throw new StepError('libzstd-dev:arm64 was installed but has no libzstd.a.');
    }
  }
  await buildNative('arm64', { tests: false });
  return 'compiled and linked';
}

async function hasArm64Zstd() {
  return (await run('test', ['-f', '/usr/lib/aarch64-linux-gnu/libzstd.a'], { quiet: true })).code === 0;
}
