import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Compiles test/support/c/NAME.c into a folder; returns the program. */
export function compile(name: string, folder: string): string {
  const program = path.join(folder, name);
  const source = fileURLToPath(new URL(`c/${name}.c`, import.meta.url));
  execFileSync('c++', ['-x', 'c', '-Wall', '-Wextra', '-Werror', '-o', program, source], { stdio: 'pipe' });
  return program;
}
