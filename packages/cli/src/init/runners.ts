import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A test runner found in a project, and the command that runs it under firstchance. */
export interface FoundRunner {
  readonly name: 'jest' | 'vitest' | 'playwright' | 'dotnet test';
  /** The file that gave it away, relative to the project's folder. */
  readonly evidence: string;
  /** What follows `firstchance run --`. */
  readonly command: string;
}

const JAVASCRIPT: readonly {
  name: 'jest' | 'vitest' | 'playwright';
  dependency: string;
  config: RegExp;
  command: string;
}[] = [
  { name: 'jest', dependency: 'jest', config: /^jest\.config\.([cm]?[jt]s|json)$/, command: 'npx jest' },
  { name: 'vitest', dependency: 'vitest', config: /^vitest\.config\.[cm]?[jt]s$/, command: 'npx vitest run' },
  {
    name: 'playwright',
    dependency: '@playwright/test',
    config: /^playwright\.config\.[cm]?[jt]s$/,
    command: 'npx playwright test',
  },
];

/** Packages that make a .NET project a test project. */
const DOTNET_TEST = /Microsoft\.NET\.Test\.Sdk|xunit(\.v3)?|NUnit|MSTest|TUnit/;

/** Looks at the project's own files only: package.json, the runners' configuration files, .NET projects two folders deep. */
export function findRunners(folder: string): FoundRunner[] {
  const names = list(folder);
  const dependencies = packageDependencies(folder);
  const found: FoundRunner[] = [];
  for (const { name, dependency, config, command } of JAVASCRIPT) {
    const file = names.find((candidate) => config.test(candidate));
    if (file !== undefined) found.push({ name, evidence: file, command });
    else if (dependencies.has(dependency)) found.push({ name, evidence: 'package.json', command });
  }
  const project = findTestProject(folder);
  if (project) found.push({ name: 'dotnet test', evidence: project, command: 'dotnet test' });
  return found;
}

/**
 * The project has the runner's adapter, which starts the session itself. Of Playwright its configuration must name it; Jest and
 * Vitest may have it in other places than the file that was found.
 */
export function hasAdapter(folder: string, { name, evidence }: FoundRunner): boolean {
  if (name === 'dotnet test') return false;
  const files =
    name === 'playwright' ? [evidence].filter((file) => file !== 'package.json') : [evidence, 'package.json'];
  return files.some((file) => readText(join(folder, file)).includes(`@firstchance/${name}`));
}

function packageDependencies(folder: string): Set<string> {
  try {
    const content = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<
      string,
      object | undefined
    >;
    return new Set([...Object.keys(content.dependencies ?? {}), ...Object.keys(content.devDependencies ?? {})]);
  } catch {
    return new Set();
  }
}

function findTestProject(folder: string, prefix = '', depth = 0): string | undefined {
  for (const name of list(join(folder, prefix))) {
    const path = join(prefix, name);
    if (/\.(cs|fs|vb)proj$/.test(name) && DOTNET_TEST.test(readText(join(folder, path)))) return path;
    if (depth < 2 && !/^(\.|node_modules$|bin$|obj$)/.test(name) && isFolder(join(folder, path))) {
      const below = findTestProject(folder, path, depth + 1);
      if (below) return below;
    }
  }
  return undefined;
}

function isFolder(path: string): boolean {
  return existsSync(join(path, '.'));
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
