import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import {
  type AdapterOptions,
  type GrowthAtEnd,
  type GrowthTests,
  RunnerSession,
  type ServerOptions,
  splitOptions,
} from '@firstchance/protocol';
import { NO_SESSION } from './no-session.ts';

export type ReporterOptions = AdapterOptions;

interface GlobalConfig {
  readonly rootDir: string;
  readonly watch: boolean;
  readonly watchAll: boolean;
}

/** The part of the adapter in Jest's main process: starts the session, ends it, and fails the run for what it found. */
export default class FirstchanceReporter {
  readonly #config: GlobalConfig;
  readonly #options: ServerOptions;
  readonly #growth: readonly GrowthAtEnd[];
  readonly #growthTests: GrowthTests;
  #session: RunnerSession | undefined;
  #error: Error | undefined;

  constructor(globalConfig: GlobalConfig, options: ReporterOptions = {}) {
    const { growth, growthTests, server } = splitOptions(options);
    this.#config = globalConfig;
    this.#options = server;
    this.#growth = growth;
    this.#growthTests = growthTests;
  }

  /** Before the workers are started: they inherit the environment. */
  async onRunStart(): Promise<void> {
    this.#session = await RunnerSession.start({
      ...{ runner: 'jest', version: jestVersion(), range: RANGE, say },
      ...{ options: this.#options, growthTests: this.#growthTests },
      folder: this.#config.rootDir,
    });
    if (!this.#session) process.env[NO_SESSION] = '1';
  }

  /** Before globalTeardown: what globalSetup started still runs. */
  async onRunComplete(_contexts: unknown, results?: { readonly numTotalTests: number }): Promise<void> {
    const session = this.#session;
    if (!session) return;
    await session.checkGrowth(this.#growth);
    const end = await session.finish();
    await session.leave();
    if (end && end.targets > 0 && !end.testsTold && (results?.numTotalTests ?? 0) > 0) say(NOT_TOLD);
    if (end === undefined || end.exitCode !== 0 || session.failed)
      this.#error = new Error(`firstchance: ${end?.reason ?? 'the session ended before the tests did'}`);
  }

  /** Jest fails the run when there is one, and prints nothing. */
  getLastError(): Error | undefined {
    return this.#error;
  }
}

const NOT_TOLD =
  'firstchance: no test was tied to a program, and none had a deadline: where testEnvironment is another one, it must be made with withCapture() of @firstchance/jest/with-capture';

/** As in peerDependencies. */
export const RANGE = '>=29.7 <31';

function jestVersion(): string {
  try {
    const manifest = createRequire(import.meta.url).resolve('jest/package.json');
    return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
  } catch {
    return '';
  }
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
