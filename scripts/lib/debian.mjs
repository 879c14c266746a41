import { run, which } from './run.mjs';
import { StepError } from './step.mjs';

/** What a build needs, as Debian and Ubuntu name it. */
export const buildPackages = ['g++', 'cmake', 'ninja-build', 'libzstd-dev', 'nlohmann-json3-dev', 'libexpected-dev'];
/** What the tests need besides. */
export const testPackages = [
  'libgtest-dev',
  'libgmock-dev',
  'clang-format',
  'clang-tidy',
  'gdb',
  'lldb',
  'zstd',
  'binutils',
];

async function missing(packages) {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own placeholders
  const { output } = await run('dpkg-query', ['-W', '-f', '${Package}\t${Status}\n', ...packages], { quiet: true });
  const installed = new Set(
    output
      .split('\n')
      .filter((line) => line.endsWith('install ok installed'))
      .map((line) => line.split('\t')[0]),
  );
  return packages.filter((name) => !installed.has(name));
}

/** Installs what is missing as root or by sudo without a password; else says what to install. Returns what it did. */
export async function ensureDebianPackages(packages) {
  if ((await which('dpkg-query')) === null) {
    return 'this is no Debian or Ubuntu; the build will tell what it lacks';
  }
  const wanted = await missing(packages);
  if (wanted.length === 0) {
    return 'all there';
  }
  const prefix = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  if (prefix.length > 0 && (await run('sudo', ['-n', 'true'], { quiet: true })).code !== 0) {
    throw new StepError(`These packages are missing:\n  sudo apt-get install ${wanted.join(' ')}`);
  }
  await apt(prefix, ['update']);
  await apt(prefix, ['install', '-y', '--no-install-recommends', ...wanted]);
  return `installed ${wanted.join(', ')}`;
}

async function apt(prefix, args) {
  const [command, ...rest] = [...prefix, 'apt-get', ...args];
  const { code, output } = await run(command, rest, { quiet: true, env: { DEBIAN_FRONTEND: 'noninteractive' } });
  if (code !== 0) {
    throw new StepError(`${output.trimEnd()}\n\napt-get ${args[0]} failed with exit code ${code}.`);
  }
}
