import type { CaptureDetail, Trigger } from '@firstchance/model';
import { readStat, stopProcesses } from '@firstchance/target';
import type { EngineCapture } from '../engine-port.ts';
import type { SessionOptions } from '../options.ts';
import { hungTest } from '../problems/hung-test.ts';
import { noTestRan } from '../problems/no-test-ran.ts';
import type { Recorder } from '../records/recorder.ts';
import { BetweenTests } from '../triggers/between-tests.ts';
import { HungTests } from '../triggers/hung-tests.ts';
import { TestLooks } from '../triggers/test-looks.ts';
import { ownStanding } from './frames/find-test.ts';
import type { TestMethods } from './frames/test-methods.ts';
import type { EndedTest, RunningTest } from './test-states.ts';
import { TestTracker } from './test-tracker.ts';

export interface TestWatchContext {
  readonly recorder: Recorder;
  readonly options: Pick<SessionOptions, 'perTestDeadlineMs' | 'onHang'>;
  readonly onStarted: (test: RunningTest) => void;
  readonly onEnded: (test: EndedTest) => void;
  readonly deadline: (trigger: Trigger, pid: number, test: string | undefined) => Promise<readonly CaptureDetail[]>;
  readonly methods: TestMethods;
  /** Stacks of a process; undefined when they could not be read. */
  readonly look: (pid: number) => Promise<EngineCapture | undefined>;
  /** "testhost" */
  readonly nameOf: (pid: number) => string;
  /** Resolves when what the tests of a process left in memory is read: it is about to be ended. */
  readonly lastOf: (pid: number) => Promise<void>;
}

/** Watches the tests that run inside of .NET processes: what they tell, their deadlines, and what hangs. */
export class TestWatch implements Disposable {
  readonly tracker: TestTracker;
  readonly #context: TestWatchContext;
  readonly #looks: TestLooks | undefined;
  readonly #hung: HungTests | undefined;
  readonly #between: BetweenTests | undefined;
  #lulls = 0;
  readonly #ending = new Set<number>();

  constructor(context: TestWatchContext) {
    this.#context = context;
    const { recorder, options, onStarted, onEnded } = context;
    const { perTestDeadlineMs: deadlineMs } = options;
    this.tracker = new TestTracker(recorder, deadlineMs, {
      onStarted: (test) => {
        this.#hung?.progressed(test.pid);
        this.#between?.over(test.pid);
        onStarted(test);
      },
      onEnded: (test) => {
        this.#hung?.ended(test);
        if (this.tracker.states.running(test.pid).length === 0) this.#between?.none(test.pid);
        onEnded(test);
      },
      onDeadline: (test) => {
        const detail = `test ${test.name} still ran after ${deadlineMs} ms`;
        void this.#late(test.pid, test.name, detail).then(() => {
          if (this.tracker.states.isRunning(test.id)) this.#hung?.late(test);
        });
      },
    });
    if (deadlineMs === undefined) return;
    this.#hung = new HungTests(deadlineMs, (pid, tests) => void this.#end(pid, tests));
    this.#between = new BetweenTests(2 * deadlineMs, (pid, forMs) => void this.#lull(pid, forMs));
    this.#looks = new TestLooks({
      ...{ deadlineMs, look: context.look, methods: context.methods, now: () => performance.now() },
      tells: (pid) => this.tracker.states.tells(pid),
      onLate: (pid, test) => {
        void this.#late(pid, test, `test ${test} was seen running for ${deadlineMs} ms`);
      },
      onStanding: (pid, { method, runner }, forMs) => {
        if (this.#context.options.onHang !== 'end') return;
        // It will have no result: this is all that will be known of it.
        this.tracker.seen(pid, method, runner, forMs);
        void this.#end(pid, [method]);
      },
      onOther: (pid, standing) => {
        if (standing === '') this.#between?.over(pid);
        else this.#between?.none(pid, standing);
      },
    });
  }

  /** Deadlines were asked for, and nothing ran that has tests. */
  get wereAwaited(): boolean {
    return this.tracker.wereAwaited && this.#looks?.inVain === true && this.#lulls === 0;
  }

  agentConnected(pid: number): void {
    this.#looks?.add(pid);
  }

  processEnded(pid: number): void {
    this.#looks?.remove(pid);
    this.#hung?.processEnded(pid);
    this.tracker.processEnded(pid);
    // Its last tests have ended with it: that began no while without a test.
    this.#between?.over(pid);
  }

  [Symbol.dispose](): void {
    this.#looks?.[Symbol.dispose]();
    this.#hung?.[Symbol.dispose]();
    this.#between?.[Symbol.dispose]();
    this.tracker[Symbol.dispose]();
  }

  async #late(pid: number, test: string, detail: string): Promise<void> {
    await this.#context.deadline({ kind: 'deadline', detail }, pid, test);
  }

  /** Nobody can tell a fixture that hangs from one that takes its time: it is shown, and left alone. */
  async #lull(pid: number, forMs: number): Promise<void> {
    const { recorder, deadline, nameOf, look } = this.#context;
    // A process whose tests are over may have much to write: then none of the program's own code is to be seen. It is not
    // looked at while it is looked at already.
    const frozen = await look(pid);
    if (frozen && ownStanding(frozen) === '') return;
    if (this.#ending.has(pid) || this.tracker.states.running(pid).length > 0) return;
    this.#lulls += 1;
    const taken = await deadline({ kind: 'deadline', detail: `no test has run for ${forMs} ms` }, pid, undefined);
    if (taken.length === 0 && readStat(pid) === undefined) return;
    const ids = taken.map(({ id }) => id);
    recorder.problem(noTestRan(`${nameOf(pid)} (pid ${pid})`, forMs, ids));
  }

  /** So that the run goes on with what does not depend on it. */
  async #end(pid: number, tests: readonly string[]): Promise<void> {
    const { recorder, options, nameOf, lastOf } = this.#context;
    const stat = readStat(pid);
    if (options.onHang !== 'end' || stat === undefined || this.#ending.has(pid)) return;
    this.#ending.add(pid);
    recorder.problem(hungTest(tests, `${nameOf(pid)} (pid ${pid})`, options.perTestDeadlineMs ?? 0));
    this.tracker.hung(pid, tests);
    await lastOf(pid);
    await stopProcesses([stat]);
  }
}
