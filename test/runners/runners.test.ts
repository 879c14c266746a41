import { watch } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Running } from '../support/firstchance.ts';
import { inMatrix } from '../support/scope.ts';
import { type Runner, RunnerProject } from './project.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { SCENARIOS } from './scenarios/scenarios.ts';

/* Every scenario with every runner in the matrix; in plain runs each scenario and each runner at least once. */

const RUNNERS: readonly Runner[] = [
  { project: 'vitest4', kind: 'vitest' },
  { project: 'jest30', kind: 'jest' },
  { project: 'vitest3', kind: 'vitest' },
  { project: 'jest29', kind: 'jest' },
  { project: 'vitest4', kind: 'vitest', pool: 'threads' },
  { project: 'vitest4', kind: 'vitest', pool: 'vmThreads' },
  { project: 'vitest5', kind: 'vitest' },
  { project: 'playwright-newest', kind: 'playwright' },
  { project: 'playwright150', kind: 'playwright' },
];

/** Of each scenario one runner, in turn; a second one where runners of another kind do it in another way. */
const PLAIN: readonly (readonly [scenario: string, runner: number])[] = [
  ['pass', 5],
  ['assertion fails', 3],
  ['async timeout', 0],
  ['async timeout', 1],
  ['async timeout', 8],
  ['blocked event loop', 1],
  ['blocked event loop', 7],
  ['hook timeout', 2],
  ['hook timeout', 3],
  ['hook after the tests with a limit of its own', 0],
  ['target crashes', 4],
  ['first-chance exception in a passing test', 1],
  ['first-chance exception in a failing test', 6],
  ['first-chance exception in a failing test', 7],
  ['worker killed', 0],
  ['Ctrl-C', 1],
  ['Ctrl-C', 7],
  ['a program that the test starts itself', 1],
  ['a retry', 2],
  ['fake timers', 0],
  ['fake timers', 1],
  ['the ledger of what each test leaves, over its budget', 0],
  ['leak', 1],
  ['no leak', 5],
  ['growth after the last test, of a program that globalSetup started', 1],
  ['an existing test that is repeated', 0],
];

const chosen = inMatrix
  ? Object.keys(SCENARIOS).flatMap((name) => RUNNERS.map((_, index) => [name, index] as const))
  : PLAIN;

describe.each(chosen)('%s', (name, index) => {
  const scenario = SCENARIOS[name] as Scenario;
  const runner = RUNNERS[index] as Runner;
  test.skipIf(scenario.not?.(runner))(`${runner.project}${runner.pool ? `, ${runner.pool}` : ''}`, async () => {
    using project = new RunnerProject(runner, scenario.tests, scenario.setup);
    const running = project.start(...(scenario.args?.(runner) ?? []));
    if (scenario.interruptAt !== undefined) await interrupt(project, running, scenario.interruptAt);
    const outcome = await running.end();
    try {
      scenario.expect({ runner, project, outcome, records: project.records });
      expect(project.leftovers()).toEqual([]);
    } catch (error) {
      if (error instanceof Error) error.message += `\n${outcome.stdout}\n${outcome.stderr}`;
      throw error;
    }
  });
});

/** Ctrl-C of a terminal reaches the whole process group, when the manifest says a text. */
async function interrupt(project: RunnerProject, running: Running, text: string): Promise<void> {
  await manifestSays(project, text);
  process.kill(-(running.child.pid ?? 0), 'SIGINT');
}

async function manifestSays(project: RunnerProject, text: string): Promise<void> {
  const says = () => {
    try {
      return project.records.some((record) => JSON.stringify(record).includes(text));
    } catch {
      return false;
    }
  };
  const abort = new AbortController();
  await new Promise<void>((resolve) => {
    const look = () => {
      if (says()) resolve();
    };
    watch(project.path, { recursive: true, signal: abort.signal }, look);
    look();
  });
  abort.abort();
}
