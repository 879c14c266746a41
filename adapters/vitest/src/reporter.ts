import type { RunnerSession } from '@firstchance/protocol';

export interface ReporterOptions {
  /** Undefined when it could not be started. */
  readonly session: RunnerSession | undefined;
  /** Requests that are checked for growth on the program that globalSetup started, 'GET /orders'. */
  readonly growth: readonly string[];
  readonly watch: boolean;
  readonly say: (text: string) => void;
}

/** The part of the adapter in Vitest's main process: ends the session and makes the run fail for what it found. */
export class FirstchanceReporter {
  readonly #options: ReporterOptions;

  constructor(options: ReporterOptions) {
    this.#options = options;
  }

  /** Before the teardown of globalSetup: what it started still runs. */
  async onTestRunEnd(): Promise<void> {
    const { session, watch, say } = this.#options;
    if (!session || watch) return;
    const end = await session.finish();
    // Vitest takes the exit code from here; an error thrown would show a stack instead of a reason.
    if (end === undefined || end.exitCode !== 0) process.exitCode = 1;
    if (end === undefined) say('firstchance: what it found is in the manifest of the session; the run fails');
  }
}
