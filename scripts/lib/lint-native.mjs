import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { native } from './paths.mjs';
import { progress } from './progress.mjs';
import { inParallel, run, tail } from './run.mjs';
import { mustRun, StepError } from './step.mjs';

/** Configured, never compiled: its commands are what clang-tidy reads. What was clean is kept beside them. */
const plain = path.join(native, 'build/tidy');
const cache = path.join(plain, 'clean');

/** The engine's own sources, relative to its folder. */
export async function nativeSources(folders = ['src', 'include', 'test']) {
  const files = [];
  for (const folder of folders) {
    for (const file of await readdir(path.join(native, folder), { recursive: true })) {
      if (/\.(cpp|h)$/.test(file) && !/(^|\/)(build|bin|obj)\//.test(file)) {
        files.push(path.join(folder, file));
      }
    }
  }
  return files.sort();
}

/** clang-format would change nothing. */
export async function checkFormat() {
  const files = await nativeSources();
  const { code, output } = await run('clang-format', ['--dry-run', '--Werror', ...files], { cwd: native });
  if (code !== 0) {
    throw new StepError(`${tail(output)}\n\nFormat with: npm run format`);
  }
  return `${files.length} files`;
}

/**
 * clang-tidy finds nothing in the sources that the release build compiles. A file that was clean is not looked at again until
 * it, a header it includes, its flags or the rules change. After `budgetMs` no further file is begun, and it is said how many
 * are left; the next run goes on with those.
 */
export async function checkTidy({ budgetMs = Number.POSITIVE_INFINITY } = {}) {
  const until = performance.now() + budgetMs;
  const keys = await tidyKeys(await plainCommands());
  await mkdir(cache, { recursive: true });
  const wanted = [...keys].filter(([, key]) => !existsSync(path.join(cache, key)));
  let done = 0;
  const results = await inParallel(wanted, availableParallelism(), async ([file, key]) => {
    if (performance.now() > until) {
      return 'left';
    }
    progress.line(`${++done} of ${wanted.length}: ${file}`);
    const { code, output } = await run('clang-tidy', ['--quiet', '-p', plain, file], { cwd: native });
    if (code !== 0) {
      return { problem: output.replace(/^\d+ warnings? .*$/gm, '').trim() };
    }
    await writeFile(path.join(cache, key), '');
    return 'clean';
  });
  const problems = results.filter((result) => typeof result === 'object').map(({ problem }) => problem);
  if (problems.length > 0) {
    throw new StepError(`${tail(problems.join('\n'), 120)}\n\nLook again with: node scripts/lint-native.mjs`);
  }
  const left = results.filter((result) => result === 'left').length;
  const unchanged = keys.size - wanted.length;
  return `${keys.size - left} of ${keys.size} files clean${unchanged > 0 ? `, ${unchanged} of them unchanged since they were looked at` : ''}${
    left > 0 ? `; ${left} NOT looked at, the time was up: node scripts/lint-native.mjs looks at all` : ''
  }`;
}

/** How each file is compiled alone, without GCC's precompiled headers, which clang cannot read. */
async function plainCommands() {
  const alone = ['-DCMAKE_UNITY_BUILD=OFF', '-DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON', '-DFIRSTCHANCE_TESTS=OFF'];
  await mustRun('cmake', ['--preset', 'release', '-B', plain, ...alone], { cwd: native });
  return JSON.parse(await readFile(path.join(plain, 'compile_commands.json'), 'utf8'));
}

/** For every source file of ours that is compiled, a hash of all that decides what clang-tidy says about it. */
async function tidyKeys(commands) {
  const version = await mustRun('clang-tidy', ['--version']);
  const rules = await readFile(path.join(native, '.clang-tidy'), 'utf8');
  const texts = await nativeTexts();
  const keys = new Map();
  for (const { file, command } of commands) {
    const source = path.relative(native, file);
    if (!source.startsWith('src/') || keys.has(source)) {
      continue;
    }
    const hash = createHash('sha256').update(version).update(rules).update(command);
    for (const one of withIncluded(source, texts)) {
      hash.update(one).update(texts.get(one));
    }
    keys.set(source, hash.digest('hex'));
  }
  return keys;
}

/** Every file of the engine by its path in it. */
async function nativeTexts() {
  const files = await nativeSources(['src', 'include']);
  return new Map(await Promise.all(files.map(async (file) => [file, await readFile(path.join(native, file), 'utf8')])));
}

/** The file and all of ours that it includes, however far away. */
function withIncluded(file, texts, found = new Set()) {
  if (texts.has(file) && !found.has(file)) {
    found.add(file);
    for (const [, name] of texts.get(file).matchAll(/^#include "(.+)"/gm)) {
      withIncluded(`src/${name}`, texts, found);
      withIncluded(`include/${name}`, texts, found);
    }
  }
  return found;
}
