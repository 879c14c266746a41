import type { GrowthAtEnd, RunnerSession } from '@firstchance/protocol';

export interface ReporterOptions {
  /** Undefined when it could not be started. */
  readonly session: RunnerSession | undefined;
  readonly growth: readonly GrowthAtEnd[];
  readonly watch: boolean;
}

/** The part of the adapter in Vitest's main process: ends the session and makes the run fail for what it found. */
export class FirstchanceReporter {
  readonly #options: ReporterOptions;

  constructor(options: ReporterOptions) {
    this.#options = options;
  }

  /** Before the teardown of globalSetup: what it started still runs. */
  async onTestRunEnd(): Promise<void> {
    const { session, watch, growth } = this.#options;
    if (!session || watch) return;
    await session.checkGrowth(growth);
    const end = await session.finish();
    // Vitest takes the exit code from here; an error thrown would show a stack instead of a reason.
    if (end === undefined || end.exitCode !== 0 || session.failed) process.exitCode = 1;
  }
}
