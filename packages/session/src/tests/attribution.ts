import type { TestReference } from '@firstchance/model';
import type { ClientTests } from '../clients/client-tests.ts';
import type { EngineCapture } from '../engine-port.ts';
import { findTest, runningTests } from './frames/find-test.ts';
import type { TestMethods } from './frames/test-methods.ts';
import { frameReference, testReference } from './test-reference.ts';
import type { TestOutcome, TestStates } from './test-states.ts';

/** Which test a capture belongs to: one that runs inside the process (xunit), else one of a runner outside that uses it. */
export class Attribution {
  readonly #inside: TestStates;
  readonly #outside: ClientTests;
  readonly #methods: TestMethods;

  constructor(inside: TestStates, outside: ClientTests, methods: TestMethods) {
    this.#methods = methods;
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
  async found(
    { pid, threadId, testName }: { pid: number; threadId?: number | undefined; testName?: string | undefined },
    frozen: Pick<EngineCapture, 'threads' | 'awaiting'>,
  ): Promise<TestReference | null> {
    if (this.#inside.tells(pid) || this.#outside.known) return null;
    const isTest = await this.#methods.of(frozen);
    const named = runningTests(frozen, isTest).find(({ method }) => method === testName);
    const test = named ? { ...named, candidates: 1 } : findTest(frozen, isTest, threadId);
    return test && frameReference(test);
  }

  outcome(id: string): TestOutcome | undefined {
    return this.#inside.outcome(id) ?? this.#outside.outcome(id);
  }
}
