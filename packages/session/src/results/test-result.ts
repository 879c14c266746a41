import type { TestOutcome } from '../tests/test-states.ts';

/** How a test ended, as the results file of a test platform tells. */
export interface TestResult {
  /** "Suite.OrderTests.Divides", as the frames of a stack name it. */
  readonly method: string;
  /** As the runner shows it, the class's name before it; of a parametrised test with its arguments. */
  readonly name: string;
  /** "xunit", "nunit", "mstest"; else "dotnet test". */
  readonly runner: string;
  readonly outcome: Exclude<TestOutcome, 'ended'>;
  readonly durationMs: number;
  /** Unix time in ms; null when the file does not say. */
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** What it failed with; empty when it did not fail, or nobody says. */
  readonly message: string;
}
