import type { GrowthAtEnd, RunnerSession } from '@firstchance/protocol';

/** Of undefined when it could not be started. */
export type Started = Promise<RunnerSession | undefined>;

export interface ReporterOptions {
  /** Starts the session of a run. */
  readonly start: () => Started;
  readonly growth: readonly GrowthAtEnd[];
  readonly watch: boolean;
  /** The main process itself may start programs, before any worker does: in globalSetup. */
  readonly mainStarts: () => boolean;
  /** Workers of a later run inherit what this process's environment is by then. */
  readonly freshWorkers: boolean;
}

/** The part of the adapter in Vitest's main process: ends the session and makes the run fail for what it found. */
export class FirstchanceReporter {
  readonly #options: ReporterOptions;
  #session: Started | undefined;

  constructor(options: ReporterOptions) {
    this.#options = options;
    this.#session = started(options.start);
  }

  /** Before globalSetup, and before workers: they inherit the environment. @throws UsageError */
  async onTestRunStart(): Promise<void> {
    this.#session ??= started(this.#options.start);
    const session = await this.#session;
    if (this.#options.mainStarts()) await session?.opened();
  }

  /** Before the teardown of globalSetup: what it started still runs. */
  async onTestRunEnd(): Promise<void> {
    const { watch, growth, mainStarts, freshWorkers } = this.#options;
    if (watch) {
      // Who edits and runs again wants to see it again: limits are those of a session. What globalSetup started lives on, in its own.
      if (freshWorkers && !mainStarts()) await this.close();
      return;
    }
    const session = await this.#session?.catch(() => undefined);
    if (!session) return;
    await session.checkGrowth(growth);
    const end = await session.finish();
    // Vitest takes the exit code from here; an error thrown would show a stack instead of a reason.
    if (end === undefined || end.exitCode !== 0 || session.failed) process.exitCode = 1;
  }

  /** Ends the session, with what it launched. */
  async close(): Promise<void> {
    const session = await this.#session?.catch(() => undefined);
    this.#session = undefined;
    await session?.finish();
    await session?.leave();
  }
}

function started(start: () => Started): Started {
  const session = start();
  // Thrown where it is waited for.
  session.catch(() => {});
  return session;
}
