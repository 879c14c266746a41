import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemError } from '@firstchance/manifest';
import { CONFIG_FILES } from '../config/load.ts';
import { playwrightConfig } from './playwright-config.ts';
import { type FoundRunner, findRunners, hasAdapter } from './runners.ts';

/** One change `firstchance init` makes to a file of the project. */
export interface Change {
  /** Relative to the project's folder. */
  readonly file: string;
  readonly action: 'create' | 'change';
  /** What was added, for the person. */
  readonly summary: string;
  readonly content: string;
}

export interface InitPlan {
  readonly runners: readonly FoundRunner[];
  /** Those that start the session themselves. */
  readonly adapted: readonly FoundRunner['name'][];
  /** Empty when everything is there already. */
  readonly changes: readonly Change[];
}

const IGNORED = '.firstchance/';

/** Works out what is missing in a project. Changes nothing. */
export function planInit(folder: string): InitPlan {
  const runners = findRunners(folder);
  const adapter = playwrightConfig(folder, runners);
  const starts = (runner: FoundRunner) => hasAdapter(folder, runner) || (runner.name === 'playwright' && adapter);
  const adapted = runners.filter(starts).map(({ name }) => name);
  const others = runners.filter(({ name }) => !adapted.includes(name));
  const changes = [configuration(folder), script(folder, others), adapter, gitignore(folder)];
  return { runners, adapted, changes: changes.filter((change) => change !== undefined) };
}

/** Makes the changes. @throws FirstchanceError when a file cannot be written */
export function applyInit(folder: string, plan: InitPlan): void {
  for (const change of plan.changes) {
    const path = join(folder, change.file);
    try {
      writeFileSync(path, change.content);
    } catch (error) {
      throw systemError(`Writing ${path}`, 'changing', error);
    }
  }
}

function configuration(folder: string): Change | undefined {
  if (CONFIG_FILES.some((name) => existsSync(join(folder, name)))) return undefined;
  const schema = './node_modules/firstchance/schema/config.json';
  const content = existsSync(join(folder, 'package.json')) ? { $schema: schema, deadline: '10m' } : { deadline: '10m' };
  return {
    file: 'firstchance.config.json',
    action: 'create',
    summary: 'a capture when a command still runs after 10 minutes; more options: firstchance run --help',
    content: `${JSON.stringify(content, null, 2)}\n`,
  };
}

function script(folder: string, runners: readonly FoundRunner[]): Change | undefined {
  const runner = runners[0];
  const path = join(folder, 'package.json');
  if (!runner || !existsSync(path)) return undefined;
  const text = readFileSync(path, 'utf8');
  let content: { scripts?: Record<string, string> };
  try {
    content = JSON.parse(text) as { scripts?: Record<string, string> };
  } catch {
    return undefined;
  }
  if (Object.values(content.scripts ?? {}).some((command) => /\bfirstchance run\b/.test(command))) return undefined;
  const line = `firstchance run -- ${runner.command}`;
  content.scripts = { ...content.scripts, 'test:firstchance': line };
  const indent = /^([ \t]+)"/m.exec(text)?.[1] ?? '  ';
  return {
    file: 'package.json',
    action: 'change',
    summary: `script "test:firstchance": "${line}"`,
    content: JSON.stringify(content, null, indent) + (text.endsWith('\n') ? '\n' : ''),
  };
}

function gitignore(folder: string): Change | undefined {
  const path = join(folder, '.gitignore');
  const present = existsSync(path);
  const text = present ? readFileSync(path, 'utf8') : '';
  if (text.split(/\r?\n/).some((line) => /^\/?\.firstchance\/?$/.test(line.trim()))) return undefined;
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const separator = text === '' || text.endsWith('\n') ? '' : newline;
  return {
    file: '.gitignore',
    action: present ? 'change' : 'create',
    summary: `entry "${IGNORED}": dumps hold secrets and do not belong into a repository`,
    content: `${text}${separator}${IGNORED}${newline}`,
  };
}
