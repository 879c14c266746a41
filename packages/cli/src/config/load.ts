import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { OptionValues } from '@firstchance/model';
import { errorText, UsageError, validateConfig } from '@firstchance/model';

/** Names of the configuration file; there may be one of them. */
export const CONFIG_FILES = ['firstchance.config.ts', 'firstchance.config.mjs', 'firstchance.config.json'] as const;

/** What a configuration file says, and which file it was; undefined when there is none in the folder. */
export interface LoadedConfig {
  readonly file: string;
  readonly values: OptionValues;
}

/** Reads the folder's configuration file. @throws UsageError naming file and key */
export async function loadConfig(folder: string): Promise<LoadedConfig | undefined> {
  const present = CONFIG_FILES.filter((name) => existsSync(join(folder, name)));
  if (present.length > 1) throw new UsageError(`there are ${present.join(' and ')}: keep one of them`);
  const [file] = present;
  if (file === undefined) return undefined;
  return { file, values: validateConfig(await read(join(folder, file), file), file) };
}

async function read(path: string, file: string): Promise<unknown> {
  try {
    if (file.endsWith('.json')) return JSON.parse(readFileSync(path, 'utf8'));
    if (file.endsWith('.mjs')) return ((await import(pathToFileURL(path).href)) as { default?: unknown }).default ?? {};
    return await withJiti(path);
  } catch (error) {
    const [why = ''] = errorText(error).split('\n');
    const line = await lineOf(path, error);
    const where = line === undefined ? file : `${file}:${line}`;
    throw new UsageError(`${where} could not be read: ${why.replace(/^ParseError: /, '').trim()}`, { cause: error });
  }
}

/** Loaded only where it is needed: a TypeScript loader takes long. */
async function withJiti(path: string): Promise<unknown> {
  const { createJiti } = await import('jiti');
  return await createJiti(import.meta.url, { moduleCache: false, fsCache: false }).import(path, { default: true });
}

/** Line of the file where it went wrong, from 1; undefined where nobody says. */
async function lineOf(path: string, error: unknown): Promise<number | undefined> {
  if (!(error instanceof Error)) return undefined;
  const text = `${error.message}\n${error.stack}`;
  const at = text.indexOf(`${path}:`);
  const line = at < 0 ? undefined : /^\d+/.exec(text.slice(at + path.length + 1))?.[0];
  if (line !== undefined) return Number(line);
  if (!(error instanceof SyntaxError)) return undefined;
  const offset = / at position (\d+)/.exec(error.message)?.[1];
  if (offset !== undefined) return readFileSync(path, 'utf8').slice(0, Number(offset)).split('\n').length;
  // Node keeps the place of a syntax error in a module to itself.
  if (!path.endsWith('.mjs')) return undefined;
  return await withJiti(path).then(
    () => undefined,
    (again: unknown) => (again instanceof SyntaxError ? undefined : lineOf(path, again)),
  );
}
