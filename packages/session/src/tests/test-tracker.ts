import type { Recorder } from '../records/recorder.ts';
import { TestDeadlines } from '../triggers/test-deadlines.ts';
import { testReference } from './test-reference.ts';
import { type EndedTest, type RunningTest, type TestOutcome, TestStates } from './test-states.ts';

/** Follows the tests the agents tell about: records, deadlines, outcomes. */
export class TestTracker implements Disposable {
  readonly states = new TestStates();
  readonly #recorder: Recorder;
  readonly #deadlines: TestDeadlines | undefined;
  readonly #onStarted: ((test: RunningTest) => void) | undefined;
  readonly #onEnded: (test: EndedTest) => void;

  constructor(
    recorder: Recorder,
    deadlineMs: number | undefined,
    on: {
      onStarted?: (test: RunningTest) => void;
      onEnded: (test: EndedTest) => void;
      onDeadline: (test: RunningTest) => void;
    },
  ) {
    this.#recorder = recorder;
    this.#onStarted = on.onStarted;
    this.#onEnded = on.onEnded;
    if (deadlineMs !== undefined) this.#deadlines = new TestDeadlines(deadlineMs, on.onDeadline);
  }

  /** Deadlines were asked for, and no test ever began. */
  get wereAwaited(): boolean {
    return this.#deadlines !== undefined && !this.states.known;
  }

  started(pid: number, name: string): void {
    const test = this.states.start(pid, name, performance.now());
    this.#record(test, 'started', null);
    this.#deadlines?.started(test);
    this.#onStarted?.(test);
  }

  ended(pid: number, name: string, outcome: TestOutcome): void {
    this.#end(this.states.end(pid, name, outcome, performance.now()));
  }

  /** Its running tests have failed: the process did not live to tell how they ended. */
  processEnded(pid: number): void {
    for (const { name } of this.states.running(pid)) this.ended(pid, name, 'failed');
  }

  /** These tests ran out of time, and their process is about to be ended for it: what they leave can be read only before. */
  hung(pid: number, tests: readonly string[]): void {
    for (const name of tests) this.ended(pid, name, 'timed-out');
  }

  /** A test that does not tell of itself was seen, for so long. */
  seen(pid: number, name: string, runner: string, forMs: number): void {
    this.#record(this.states.start(pid, name, performance.now() - forMs, runner), 'started', null);
  }

  /** How a test ended that did not tell itself. */
  resolved(id: string, outcome: TestOutcome, durationMs: number): void {
    this.#end(this.states.resolve(id, outcome, durationMs));
  }

  [Symbol.dispose](): void {
    this.#deadlines?.[Symbol.dispose]();
  }

  #end(test: EndedTest | undefined): void {
    if (!test) return;
    this.#deadlines?.ended(test);
    this.#record(test, test.outcome === 'ended' ? null : test.outcome, test.durationMs);
    this.#onEnded(test);
  }

  /** A runner that does not tell the result (xunit v2) gets no end record: nothing is claimed that is not known. */
  #record(
    test: RunningTest,
    state: 'started' | 'passed' | 'failed' | 'timed-out' | 'skipped' | null,
    durationMs: number | null,
  ): void {
    if (state === null) return;
    const { candidates: _candidates, ...reference } = testReference(test, 1);
    this.#recorder.write({ record: 'test', ...reference, state, durationMs });
  }
}
