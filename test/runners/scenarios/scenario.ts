import type { ManifestLine, Outcome } from '../../support/firstchance.ts';
import type { Runner, RunnerProject, Setup } from '../project.ts';

/** What ran, for a scenario to judge. */
export interface Ran {
  readonly runner: Runner;
  readonly project: RunnerProject;
  readonly outcome: Outcome;
  readonly records: readonly ManifestLine[];
}

export interface Scenario {
  /** File name to body; the head of the runner's file is put before it. */
  readonly tests: Readonly<Record<string, string>>;
  readonly setup?: Setup;
  /** Arguments of the runner. */
  readonly args?: (runner: Runner) => readonly string[];
  /** Text of the runner's output or of the manifest at which it gets Ctrl-C. */
  readonly interruptAt?: string;
  /** Takes long: in plain runs with one runner only. */
  readonly slow?: true;
  /** It makes no sense for this one. */
  readonly not?: (runner: Runner) => boolean;
  expect(ran: Ran): void;
}
