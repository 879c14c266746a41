import { fileURLToPath } from 'node:url';

/** Arguments for Node to run a TypeScript program of this folder on the sources (Node 20 runs no TypeScript by itself). */
export function programArguments(name: string, ...args: string[]): string[] {
  const program = fileURLToPath(new URL(name, import.meta.url));
  return ['--conditions=source', '--import', 'jiti/register', program, ...args];
}

export const programEnvironment = { ...process.env, JITI_FS_CACHE: 'false', NODE_OPTIONS: '' };
