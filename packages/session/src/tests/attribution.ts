import type { TestReference } from '@firstchance/model';
import type { ClientTests } from '../clients/client-tests.ts';
import type { EngineCapture } from '../engine-port.ts';
import { findTest, runningTests } from './frames/find-test.ts';
import { frameReference, testReference } from './test-reference.ts';
import type { TestOutcome, TestStates } from './test-states.ts';

/** Which test a capture belongs to: one that runs inside the process (xunit), else one of a runner outside that uses it. */
export class Attribution {
  readonly #inside: TestStates;
  readonly #outside: ClientTests;

  constructor(inside: TestStates, outside: ClientTests) {
    this.#inside = inside;
    this.#outside = outside;
  }

  /**
   * @param named the test as the agent or the deadline names it
   * @param candidates of how many the named one is the likeliest, when somebody counted
   */
  attribute(pid: number, named: string | undefined, candidates: number | undefined): TestReference | null {
    const inside = this.#inside.attribute(pid, named);
    if (inside) return testReference(inside.test, candidates ?? inside.candidates);
    return this.#outside.attribute(pid, named);
  }

  /** The test that the stacks of a frozen process show, where no test is told of. */
  found(
    { pid, threadId, testName }: { pid: number; threadId?: number | undefined; testName?: string | undefined },
    frozen: Pick<EngineCapture, 'threads' | 'awaiting'>,
  ): TestReference | null {
    if (this.#inside.tells(pid) || this.#outside.known) return null;
    const named = runningTests(frozen).find(({ method }) => method === testName);
    const test = named ? { ...named, candidates: 1 } : findTest(frozen, threadId);
    return test && frameReference(test);
  }

  outcome(id: string): TestOutcome | undefined {
    return this.#inside.outcome(id) ?? this.#outside.outcome(id);
  }
}
