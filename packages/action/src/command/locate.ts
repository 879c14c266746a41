import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { FirstchanceError, UsageError } from '@firstchance/model';
import { childEnvironment } from './child-environment.ts';

export interface LocateOptions {
  /** The input `firstchance`; empty when it was not given. */
  readonly given: string;
  /** Absolute. */
  readonly workingDirectory: string;
  /** For what is installed. */
  readonly folder: string;
  readonly say: (text: string) => void;
}

/**
 * The script of the firstchance command, for this Node: the one that was named; the project's own; that of a built checkout of
 * this action; else the npm package of this action's version, whose optional dependency brings the engine.
 * @throws UsageError, FirstchanceError `firstchance-not-installed`
 */
export async function locateFirstchance({ given, workingDirectory, folder, say }: LocateOptions): Promise<string> {
  if (given !== '') {
    const path = resolve(workingDirectory, given);
    if (!existsSync(path)) throw new UsageError(`the input firstchance names no file: ${given}`);
    return path;
  }
  const project = scriptOf(join(workingDirectory, 'node_modules', 'firstchance'));
  if (project !== undefined) return project;
  const checkout = fileURLToPath(new URL('../../packages/cli', import.meta.url));
  const built = existsSync(join(checkout, 'dist', 'bin.js')) ? scriptOf(checkout) : undefined;
  if (built !== undefined) return built;
  const installed = join(folder, 'node_modules', 'firstchance');
  if (scriptOf(installed) === undefined) await install(folder, say);
  return scriptOf(installed) ?? join(installed, 'bin', 'firstchance.js');
}

/** The command's script of an installed package; undefined when it is not there. */
function scriptOf(folder: string): string | undefined {
  try {
    const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { bin: { firstchance: string } };
    const script = join(folder, bin.firstchance);
    return existsSync(script) ? script : undefined;
  } catch {
    return undefined;
  }
}

/** Version of the action: its packages have one version for all. */
function actionVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

async function install(folder: string, say: (text: string) => void): Promise<void> {
  const wanted = `firstchance@${actionVersion()}`;
  say(`installing ${wanted}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const args = ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', '--no-save', wanted];
  try {
    await promisify(execFile)('npm', args, { env: childEnvironment(process.env), cwd: folder });
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: unknown };
    const [first = ''] = String(stderr ?? '')
      .trim()
      .split('\n');
    throw new FirstchanceError(
      {
        code: 'firstchance-not-installed',
        what: `Installing ${wanted}`,
        why: code === 'ENOENT' ? 'there is no npm on this runner' : `npm failed${first === '' ? '' : `: ${first}`}`,
        cure: 'Add firstchance to the devDependencies of the project, or name the command with the input firstchance.',
      },
      { cause: error },
    );
  }
}
