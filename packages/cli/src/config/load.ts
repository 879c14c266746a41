import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { OptionValues } from '@firstchance/model';
import { UsageError, validateConfig } from '@firstchance/model';

const NAMES = ['firstchance.config.ts', 'firstchance.config.mjs', 'firstchance.config.json'] as const;

/** What a configuration file says, and which file it was; undefined when there is none in the folder. */
export interface LoadedConfig {
  readonly file: string;
  readonly values: OptionValues;
}

/** Reads the folder's configuration file. @throws UsageError naming file and key */
export async function loadConfig(folder: string): Promise<LoadedConfig | undefined> {
  const present = NAMES.filter((name) => existsSync(join(folder, name)));
  if (present.length > 1) throw new UsageError(`there are ${present.join(' and ')}: keep one of them`);
  const [file] = present;
  if (file === undefined) return undefined;
  return { file, values: validateConfig(await read(join(folder, file), file), file) };
}

async function read(path: string, file: string): Promise<unknown> {
  try {
    if (file.endsWith('.json')) return JSON.parse(readFileSync(path, 'utf8'));
    if (file.endsWith('.mjs')) return ((await import(pathToFileURL(path).href)) as { default?: unknown }).default ?? {};
    // Loaded only when there is such a file: a TypeScript loader is not needed for anything else.
    const { createJiti } = await import('jiti');
    return await createJiti(import.meta.url, { moduleCache: false, fsCache: false }).import(path, { default: true });
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new UsageError(`${file} could not be read: ${why}`, { cause: error });
  }
}
