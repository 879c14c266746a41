import { readdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { native } from './paths.mjs';
import { run, tail } from './run.mjs';
import { StepError } from './step.mjs';

export async function nativeSources(folders = ['src', 'include', 'test']) {
  const files = [];
  for (const folder of folders) {
    for (const file of await readdir(path.join(native, folder), { recursive: true }).catch(() => [])) {
      if (/\.(cpp|h)$/.test(file) && !/(^|\/)(build|bin|obj)\//.test(file)) {
        files.push(path.join(folder, file));
      }
    }
  }
  return files.sort();
}

/** `format`: clang-format would change nothing. `tidy`: clang-tidy finds nothing. */
export async function lintNative(kind) {
  if (kind === 'format') {
    const { code, output } = await run('clang-format', ['--dry-run', '--Werror', ...(await nativeSources())], {
      quiet: true,
      cwd: native,
    });
    if (code !== 0) {
      throw new StepError(`${tail(output)}\n\nFormat with: npm run format`);
    }
    return 'clean';
  }
  const files = (await nativeSources(['src'])).filter((file) => file.endsWith('.cpp'));
  const failed = [];
  const queue = [...files];
  const worker = async () => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      const { code, output } = await run('clang-tidy', ['--quiet', '-p', 'build/release', file], {
        quiet: true,
        cwd: native,
      });
      if (code !== 0) {
        failed.push(output.replace(/^\d+ warnings? .*$/gm, '').trim());
      }
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  if (failed.length > 0) {
    throw new StepError(tail(failed.join('\n'), 120));
  }
  return `${files.length} files clean`;
}
