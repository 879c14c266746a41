import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { buildPackages, ensureDebianPackages, testPackages } from './debian.mjs';
import { fixtures, native, root } from './paths.mjs';
import { which } from './run.mjs';
import { mustRun, StepError, step } from './step.mjs';

/** Node modules as the lock file has them; skipped when nothing changed since the last time. */
export async function installModules() {
  await step('Node modules', async () => {
    const lock = createHash('sha256')
      .update(readFileSync(path.join(root, 'package-lock.json')))
      .digest('hex');
    const stamp = path.join(root, 'node_modules/.firstchance-lock');
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) {
      return 'as locked';
    }
    await mustRun('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root });
    await mkdir(path.dirname(stamp), { recursive: true });
    await writeFile(stamp, lock);
    return 'installed';
  });
}

export async function installSystemPackages({ forTests }) {
  await step('System packages', () =>
    ensureDebianPackages(forTests ? [...buildPackages, ...testPackages] : buildPackages),
  );
  for (const [command, what] of [
    ['dotnet', 'the .NET SDK 10 (https://dot.net)'],
    ['cmake', 'CMake 3.22 or newer'],
    ['ninja', 'Ninja'],
  ]) {
    if ((await which(command)) === null) {
      throw new StepError(`'${command}' is missing: install ${what}.`);
    }
  }
}

/** Configures and builds one preset of the engine. */
export async function buildNative(preset, { tests, targets = [] } = {}) {
  await step(`Engine (${preset})`, async () => {
    const flag = tests === undefined ? [] : [`-DFIRSTCHANCE_TESTS=${tests ? 'ON' : 'OFF'}`];
    await mustRun('cmake', ['--preset', preset, ...flag], { cwd: native });
    const jobs = String(availableParallelism());
    await mustRun('cmake', ['--build', `build/${preset}`, '-j', jobs, ...targets.flatMap((t) => ['--target', t])], {
      cwd: native,
    });
  });
}

export async function buildTypeScript() {
  await step('TypeScript', () => mustRun('npx', ['tsc', '-b'], { cwd: root }).then(() => undefined));
}

/** Builds .NET fixtures into fixtures/<name>/bin; MSBuild itself skips what is up to date. */
export async function buildFixtures(names) {
  await step('.NET fixtures', async () => {
    for (const name of names) {
      await mustRun('dotnet', ['build', '-c', 'Release', '--nologo', '-v', 'quiet', '-nodeReuse:false'], {
        cwd: path.join(fixtures, name),
        env: { DOTNET_CLI_TELEMETRY_OPTOUT: '1', DOTNET_NOLOGO: '1', UseSharedCompilation: 'false' },
      });
    }
    return `${names.length} built`;
  });
}
