import type { GrowthAtEnd, RunnerSession } from '@firstchance/protocol';

export interface ReporterOptions {
  /** Of undefined when it could not be started. */
  readonly session: Promise<RunnerSession | undefined>;
  readonly growth: readonly GrowthAtEnd[];
  readonly watch: boolean;
  /** The main process itself may start programs, before any worker does: in globalSetup. */
  readonly mainStarts: () => boolean;
}

/** The part of the adapter in Vitest's main process: ends the session and makes the run fail for what it found. */
export class FirstchanceReporter {
  readonly #options: ReporterOptions;

  constructor(options: ReporterOptions) {
    this.#options = options;
  }

  /** Before globalSetup, and before workers: they inherit the environment. @throws UsageError */
  async onTestRunStart(): Promise<void> {
    const session = await this.#options.session;
    if (this.#options.mainStarts()) await session?.opened();
  }

  /** Before the teardown of globalSetup: what it started still runs. */
  async onTestRunEnd(): Promise<void> {
    const { watch, growth } = this.#options;
    const session = await this.#options.session.catch(() => undefined);
    if (!session || watch) return;
    await session.checkGrowth(growth);
    const end = await session.finish();
    // Vitest takes the exit code from here; an error thrown would show a stack instead of a reason.
    if (end === undefined || end.exitCode !== 0 || session.failed) process.exitCode = 1;
  }
}
