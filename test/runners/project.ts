import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { fixture, type ManifestLine, Running, readManifest } from '../support/firstchance.ts';
import { processesWith } from '../support/processes.ts';
import { launchingSetup } from './global-setup.ts';
import { playwrightFiles } from './playwright-files.ts';

const runners = fileURLToPath(new URL('../../fixtures/runners', import.meta.url));

/** A runner in one version, and how it runs tests. */
export interface Runner {
  /** Folder in fixtures/runners. */
  readonly project: string;
  readonly kind: 'vitest' | 'jest' | 'playwright';
  /** Vitest's pool. */
  readonly pool?: 'forks' | 'threads' | 'vmThreads';
}

/** Options of the adapter, and of the runner. */
export interface Setup {
  readonly options?: Readonly<Record<string, unknown>>;
  readonly retry?: number;
  /** A shop for all tests: SHOP_URL and SHOP_PID. */
  readonly globalSetup?: true;
  /** More of Playwright's configuration, as it is written in defineConfig({ … }). */
  readonly config?: string;
  /** Playwright's configuration is given to the adapter twice. */
  readonly twice?: true;
}

/**
 * A small project of a test runner, in a folder of its own below the runner's project: there Node and the runner find what is
 * installed. What runs in it is found by its TMPDIR.
 */
export class RunnerProject implements Disposable {
  readonly path: string;
  readonly temporary: string;
  readonly #runner: Runner;

  constructor(runner: Runner, tests: Readonly<Record<string, string>>, setup: Setup = {}) {
    this.#runner = runner;
    const runs = path.join(installed(runner), '.runs');
    mkdirSync(runs, { recursive: true });
    this.temporary = mkdtempSync(path.join(tmpdir(), 'firstchance-e2e-'));
    this.path = mkdtempSync(path.join(runs, 'run-'));
    for (const [name, text] of Object.entries(filesOf(runner, tests, setup)))
      writeFileSync(path.join(this.path, name), text);
  }

  /** The sessions that ran here, absolute. */
  get sessions(): string[] {
    const folder = path.join(this.path, '.firstchance');
    const names = readdirSync(folder).filter((name) => /^\d{8}-/.test(name));
    return names.sort().map((name) => path.join(folder, name));
  }

  /** The only one. */
  get session(): string {
    const [session, ...others] = this.sessions;
    if (session === undefined || others.length > 0) throw new Error(`not one session in ${this.path}`);
    return session;
  }

  get records(): ManifestLine[] {
    return readManifest(this.session);
  }

  /** What Vitest's JSON reporter says of task.meta, of every test. */
  results(name: string): Record<string, unknown>[] {
    const { testResults } = JSON.parse(readFileSync(path.join(this.path, name), 'utf8')) as {
      testResults: { assertionResults: { meta: Record<string, unknown> }[] }[];
    };
    return testResults.flatMap(({ assertionResults }) => assertionResults.map(({ meta }) => meta));
  }

  /** Starts the runner as a terminal would, in a process group of its own; nothing of our own environment leaks in. */
  start(...args: string[]): Running {
    const { kind, project } = this.#runner;
    const bin = path.join(runners, project, 'node_modules/.bin', kind);
    const command = { vitest: ['run'], jest: [], playwright: ['test'] }[kind];
    const { PATH, HOME, DOTNET_ROOT } = process.env;
    return new Running(bin, [...command, ...args], {
      ...{ cwd: this.path, detached: true, bare: true },
      env: {
        ...{ PATH, HOME, ...(DOTNET_ROOT === undefined ? {} : { DOTNET_ROOT }), NO_COLOR: '1' },
        ...{ TMPDIR: this.temporary, XDG_RUNTIME_DIR: '', DOTNET_CLI_TELEMETRY_OPTOUT: '1' },
        ...{ WEB: fixture('web'), CRASH: fixture('crash'), SHOP: fixture('growth-web') },
      },
    });
  }

  /** Processes that are still there, and files of ours. */
  leftovers(): string[] {
    const files = readdirSync(this.temporary).filter((name) => name.startsWith('fc-'));
    return [...this.#processes().map(({ pid, command }) => `process ${pid}: ${command}`), ...files];
  }

  [Symbol.dispose](): void {
    for (const { pid } of this.#processes()) process.kill(pid, 'SIGKILL');
    for (const folder of [this.path, this.temporary]) rmSync(folder, { recursive: true, force: true });
  }

  #processes() {
    return processesWith(`TMPDIR=${this.temporary}`);
  }
}

/** The folder of a runner. @throws when it is not installed: without it a test would wait for a runner that never ran */
export function installed({ project, kind }: Runner): string {
  const folder = path.join(runners, project);
  for (const needed of [`node_modules/.bin/${kind}`, `node_modules/@firstchance/${kind}/dist`]) {
    if (!existsSync(path.join(folder, needed)))
      throw new Error(
        `fixtures/runners/${project}/${needed} is missing; run: npx tsc -b && node scripts/runner-projects.mjs`,
      );
  }
  return folder;
}

function filesOf(
  runner: Runner,
  tests: Readonly<Record<string, string>>,
  setup: Setup,
): Readonly<Record<string, string>> {
  if (runner.kind === 'vitest') return vitestFiles(runner, tests, setup);
  return runner.kind === 'jest' ? jestFiles(tests, setup) : playwrightFiles(tests, setup);
}

function vitestFiles(runner: Runner, tests: Readonly<Record<string, string>>, setup: Setup): Record<string, string> {
  const { options = {}, retry, globalSetup } = setup;
  const test = {
    ...{ root: '.', pool: runner.pool ?? 'forks', ...(retry ? { retry } : {}) },
    ...(globalSetup ? { globalSetup: './global-setup.mjs' } : {}),
  };
  const config = `import firstchance from '@firstchance/vitest/plugin';
export default { plugins: [firstchance(${JSON.stringify(options)})], test: ${JSON.stringify(test)} };
`;
  const head = `import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi as FAKE } from 'vitest';
import { expectNoGrowth, growthTest, launch } from '@firstchance/vitest';
import { spawn } from 'node:child_process';
${COUNT}`;
  const files = Object.entries(tests).map(([name, body]) => [`${name}.test.mjs`, head + body]);
  return {
    'vitest.config.mjs': config,
    'global-setup.mjs': launchingSetup('@firstchance/vitest/global-setup'),
    ...Object.fromEntries(files),
  };
}

function jestFiles(tests: Readonly<Record<string, string>>, setup: Setup): Record<string, string> {
  const { options, retry, globalSetup } = setup;
  const config = `module.exports = {
  preset: '@firstchance/jest',
  transform: {},
  ${globalSetup ? "globalSetup: './global-setup.js', globalTeardown: './global-teardown.js'," : ''}
  ${options ? `reporters: ['default', ['@firstchance/jest/reporter', ${JSON.stringify(options)}]],` : ''}
};
`;
  const head = `const { expectNoGrowth, growthTest, launch } = require('@firstchance/jest');
const { spawn } = require('node:child_process');
const FAKE = jest;
${COUNT}${retry ? `jest.retryTimes(${retry});` : ''}
`;
  const files = Object.entries(tests).map(([name, body]) => [`${name}.test.js`, head + body]);
  return {
    ...{ 'package.json': '{ "type": "commonjs" }', 'jest.config.js': config },
    ...{ 'global-setup.js': JEST_SHOP, 'global-teardown.js': 'module.exports = () => globalThis.SHOP.kill();' },
    ...Object.fromEntries(files),
  };
}

/** Which attempt of a test this is, from 1: these runners repeat it in the same process. */
const COUNT = `let attempts = 0;
const nextAttempt = () => (attempts += 1);
`;

/** Jest runs this before its reporters are made: the session attaches to the program later. */
const JEST_SHOP = `const { spawn } = require('node:child_process');

module.exports = async () => {
  const shop = spawn('dotnet', [process.env.SHOP, '--urls', 'http://127.0.0.1:0'], {
    env: { ...process.env, Logging__LogLevel__Default: 'Information' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  process.env.SHOP_URL = await new Promise((resolve) =>
    shop.stdout.on('data', (text) => {
      output += text;
      const match = /listening on: (\\S+)/.exec(output);
      if (match) resolve(match[1]);
    }),
  );
  process.env.SHOP_PID = String(shop.pid);
  globalThis.SHOP = shop;
};
`;
