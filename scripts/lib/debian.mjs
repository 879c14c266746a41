import { existsSync } from 'node:fs';
import { run, which } from './run.mjs';
import { mustRun, StepError } from './step.mjs';

/** What is needed, as Debian and Ubuntu name the package, and how one sees that it is there, wherever it came from. */
export const buildPackages = [
  { name: 'g++', command: 'c++' },
  { name: 'cmake', command: 'cmake' },
  { name: 'ninja-build', command: 'ninja' },
  { name: 'libzstd-dev', header: 'zstd.h' },
  { name: 'nlohmann-json3-dev', header: 'nlohmann/json.hpp' },
  { name: 'libexpected-dev', header: 'tl/expected.hpp' },
];

/** What the tests need besides. */
export const testPackages = [
  { name: 'libgtest-dev', header: 'gtest/gtest.h' },
  { name: 'libgmock-dev', header: 'gmock/gmock.h' },
  { name: 'libbenchmark-dev', header: 'benchmark/benchmark.h' },
  { name: 'clang-format', command: 'clang-format' },
  { name: 'clang-tidy', command: 'clang-tidy' },
  { name: 'gdb', command: 'gdb' },
  { name: 'lldb', command: 'lldb' },
  { name: 'zstd', command: 'zstd' },
  { name: 'binutils', command: 'readelf' },
  { name: 'chromium', command: 'chromium' },
  { name: 'fonts-dejavu-core', file: '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf' },
];

async function isThere({ command, header, file }) {
  if (file !== undefined) {
    return existsSync(file);
  }
  return command === undefined
    ? ['/usr/include', '/usr/local/include'].some((folder) => existsSync(`${folder}/${header}`))
    : (await which(command)) !== null;
}

export async function missingPackages(packages) {
  const there = await Promise.all(packages.map(isThere));
  return packages.filter((_, index) => !there[index]).map(({ name }) => name);
}

/** The words before apt-get that make it run as root: none for root itself; null when there is no way without a password. */
export async function asRoot() {
  if (process.getuid?.() === 0) {
    return [];
  }
  return (await run('sudo', ['-n', 'true'])).code === 0 ? ['sudo', '-n'] : null;
}

/** Installs what is missing as root or by sudo without a password; else says what to install. Returns what it did. */
export async function ensureDebianPackages(packages) {
  const missing = await missingPackages(packages);
  if (missing.length === 0) {
    return 'all there';
  }
  if ((await which('apt-get')) === null) {
    throw new StepError(
      `Missing here, under the names that Debian has for them:\n  ${missing.join('\n  ')}\nThis is no Debian or Ubuntu: install what your system calls them.`,
    );
  }
  const prefix = await asRoot();
  if (prefix === null) {
    throw new StepError(
      `Missing here; this user is not root and sudo wants a password. Install them, then repeat:\n  sudo apt-get install ${missing.join(' ')}`,
    );
  }
  await aptInstall(prefix, missing);
  return `installed ${missing.join(', ')}`;
}

/** Installs Debian packages, after the list of packages was brought up to date. */
export async function aptInstall(prefix, packages) {
  const apt = (...args) => {
    const [command, ...rest] = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args];
    return mustRun(command, rest);
  };
  await apt('update');
  await apt('install', '-y', '--no-install-recommends', ...packages);
}
