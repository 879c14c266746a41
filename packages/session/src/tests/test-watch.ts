import type { CaptureDetail, Trigger } from '@firstchance/model';
import { readStat, stopProcesses } from '@firstchance/target';
import type { EngineCapture } from '../engine-port.ts';
import type { SessionOptions } from '../options.ts';
import { hungTest } from '../problems/hung-test.ts';
import type { Recorder } from '../records/recorder.ts';
import { HungTests } from '../triggers/hung-tests.ts';
import { TestLooks } from '../triggers/test-looks.ts';
import type { TestMethods } from './frames/test-methods.ts';
import type { EndedTest, RunningTest } from './test-states.ts';
import { TestTracker } from './test-tracker.ts';

export interface TestWatchContext {
  readonly recorder: Recorder;
  readonly options: Pick<SessionOptions, 'perTestDeadlineMs' | 'onHang'>;
  readonly onStarted: (test: RunningTest) => void;
  readonly onEnded: (test: EndedTest) => void;
  readonly deadline: (trigger: Trigger, pid: number, test: string) => Promise<readonly CaptureDetail[]>;
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
  readonly #ending = new Set<number>();

  constructor(context: TestWatchContext) {
    this.#context = context;
    const { recorder, options, onStarted, onEnded } = context;
    const { perTestDeadlineMs: deadlineMs } = options;
    this.tracker = new TestTracker(recorder, deadlineMs, {
      onStarted: (test) => {
        this.#hung?.progressed(test.pid);
        onStarted(test);
      },
      onEnded: (test) => {
        this.#hung?.ended(test);
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
    });
  }

  /** Deadlines were asked for, and nothing ran that has tests. */
  get wereAwaited(): boolean {
    return this.tracker.wereAwaited && this.#looks?.inVain === true;
  }

  agentConnected(pid: number): void {
    this.#looks?.add(pid);
  }

  processEnded(pid: number): void {
    this.#looks?.remove(pid);
    this.#hung?.processEnded(pid);
    this.tracker.processEnded(pid);
  }

  [Symbol.dispose](): void {
    this.#looks?.[Symbol.dispose]();
    this.#hung?.[Symbol.dispose]();
    this.tracker[Symbol.dispose]();
  }

  async #late(pid: number, test: string, detail: string): Promise<void> {
    await this.#context.deadline({ kind: 'deadline', detail }, pid, test);
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
