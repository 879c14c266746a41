import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { native } from './paths.mjs';
import { progress } from './progress.mjs';
import { inParallel, run, tail } from './run.mjs';
import { mustRun, StepError } from './step.mjs';

const compiled = path.join(native, 'build/release');
const cache = path.join(compiled, 'tidy');

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
  await mkdir(cache, { recursive: true });
  const keys = await tidyKeys(await plainCommands());
  const wanted = [...keys].filter(([, key]) => !existsSync(path.join(cache, key)));
  let done = 0;
  const results = await inParallel(wanted, availableParallelism(), async ([file, key]) => {
    if (performance.now() > until) {
      return 'left';
    }
    progress.line(`${++done} of ${wanted.length}: ${file}`);
    const { code, output } = await run('clang-tidy', ['--quiet', '-p', cache, file], { cwd: native });
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

/** How the release build compiles, without GCC's precompiled headers, which clang cannot read; left in a file for clang-tidy. */
async function plainCommands() {
  const commands = JSON.parse(await readFile(path.join(compiled, 'compile_commands.json'), 'utf8'));
  const plain = commands.map(({ command, ...rest }) => ({
    ...rest,
    command: command.replace(/ -Winvalid-pch -include \S+cmake_pch\.hxx/, ''),
  }));
  await writeFile(path.join(cache, 'compile_commands.json'), JSON.stringify(plain));
  return plain;
}

/** For every source file of ours that is compiled, a hash of all that decides what clang-tidy says about it. */
async function tidyKeys(commands) {
  const version = await mustRun('clang-tidy', ['--version']);
  const rules = await readFile(path.join(native, '.clang-tidy'), 'utf8');
  const includes = await includedFiles();
  const contents = new Map();
  const keys = new Map();
  for (const { file, command, output } of commands) {
    const source = path.relative(native, file);
    if (!source.startsWith('src/') || keys.has(source)) {
      continue;
    }
    const hash = createHash('sha256').update(version).update(rules).update(command);
    for (const one of [file, ...(includes.get(output) ?? [])]) {
      if (!contents.has(one)) {
        contents.set(one, await readFile(path.resolve(compiled, one)).catch(() => ''));
      }
      hash.update(one).update(contents.get(one));
    }
    keys.set(source, hash.digest('hex'));
  }
  return keys;
}

/** Object file to the files it was made from, as Ninja remembers them from the compiler. */
async function includedFiles() {
  const includes = new Map();
  let current = [];
  for (const line of (await mustRun('ninja', ['-C', compiled, '-t', 'deps'])).split('\n')) {
    if (line.startsWith('    ')) {
      current.push(line.trim());
    } else if (line.includes(': #deps')) {
      current = [];
      includes.set(line.split(': #deps')[0], current);
    }
  }
  return includes;
}
