import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

/** Words that mean the same with a shell and without one; the first is no assignment. */
const PLAIN = /^[\w@%+:,./-]+(?:[ \t]+[\w@%+=:,./-]+)*$/;

/**
 * The input `run` as a command. One line of plain words whose first is a program is started as it is; anything else by bash, with
 * the options that a run step with `shell: bash` has.
 */
export function commandWords(run: string, workingDirectory: string, path: string | undefined): string[] {
  const text = run.trim();
  if (PLAIN.test(text)) {
    const words = text.split(/[ \t]+/);
    if (isProgram(words[0] ?? '', workingDirectory, path)) return words;
  }
  return ['bash', '--noprofile', '--norc', '-eo', 'pipefail', '-c', text];
}

/** False for what only a shell knows, like `exit`. */
function isProgram(word: string, workingDirectory: string, path = ''): boolean {
  const candidates = word.includes('/')
    ? [resolve(workingDirectory, word)]
    : path.split(delimiter).map((one) => join(one, word));
  return candidates.some((file) => {
    try {
      accessSync(file, constants.X_OK);
      return statSync(file).isFile();
    } catch {
      return false;
    }
  });
}
