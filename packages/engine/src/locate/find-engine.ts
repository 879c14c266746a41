import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { EngineError } from '../wire/error.ts';
import { thisMachine, unsupported } from './unsupported.ts';

/**
 * Where the engine's files lie for this system: the executable, the agent and the C ABI's library, side by side. As installed
 * they are in a package per system, an optional dependency of `firstchance`; in a clone they are where CMake puts them. Both are
 * found by a package's name, since our own place differs: bundled into `firstchance`, or a package of its own.
 * @throws EngineError `engine-missing`
 */
export function engineFolder(): string {
  const name = `@firstchance/engine-${process.platform}-${process.arch}-gnu`;
  const candidates = [
    [packageFolder(name), 'bin'],
    [packageFolder('@firstchance/engine'), 'native/build/release/bin'],
  ] as const;
  for (const [folder, inside] of candidates) {
    if (folder !== null && existsSync(path.join(folder, inside, 'firstchance-engine')))
      return path.join(folder, inside);
  }
  const why = unsupported(thisMachine());
  throw new EngineError({
    code: 'engine-missing',
    what: 'Looking for the engine',
    why: why ?? `neither the package ${name} nor a local build is there`,
    cure:
      why === null
        ? 'Install without --omit=optional (a lock file made on another system can leave it out too), or run "npm run build" in a clone.'
        : 'docs/limits.md says what works without it.',
  });
}

function packageFolder(name: string): string | null {
  try {
    return path.dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  } catch {
    return null; // not of this system, or not of this layout
  }
}
