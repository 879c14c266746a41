import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { EngineError } from '../wire/error.ts';

/** Where the engine's files lie for this system: the executable, the agent and the C ABI's library, side by side. */
export function engineFolder(): string {
  const name = `@firstchance/engine-linux-${process.arch}-gnu`;
  const local = fileURLToPath(new URL('../../native/build/release/bin', import.meta.url));
  for (const folder of [packageFolder(name), local]) {
    if (folder !== null && existsSync(path.join(folder, 'firstchance-engine'))) {
      return folder;
    }
  }
  throw new EngineError({
    code: 'engine-missing',
    what: `Looking for the engine (${name})`,
    why:
      process.platform === 'linux'
        ? 'neither the package nor a local build is there'
        : `there is none for ${process.platform} yet`,
    cure: 'Install without --omit=optional, or run "npm run build" in a clone.',
  });
}

function packageFolder(name: string): string | null {
  try {
    return path.join(path.dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), 'bin');
  } catch {
    return null; // optional: not installed on this system
  }
}
