import type { EngineCapture } from '../engine-port.ts';
import { ownStanding, type RunningTest, runningTests } from '../tests/frames/find-test.ts';
import type { TestMethods } from '../tests/frames/test-methods.ts';

export interface TestLooksContext {
  readonly deadlineMs: number;
  /** Stacks of a process, frozen for a moment; undefined when they could not be read. */
  readonly look: (pid: number) => Promise<Pick<EngineCapture, 'threads' | 'awaiting' | 'modules'> | undefined>;
  readonly methods: TestMethods;
  /** Tests of this process tell when they start and end: nobody needs to look. */
  readonly tells: (pid: number) => boolean;
  readonly onLate: (pid: number, test: string) => void;
  /** Nothing has moved in it for twice the deadline. */
  readonly onStanding: (pid: number, test: RunningTest, forMs: number) => void;
  /** A test framework is loaded, and the program's code does something that is no test, as `standing` says; '': a test runs, or nothing. */
  readonly onOther: (pid: number, standing: string) => void;
  readonly now: () => number;
}

/** Looks within one deadline. */
const LOOKS = 4;
/** A process that has loaded no test framework by this many looks may well never do so: it is looked at less often. */
const IN_VAIN = 8;
const FRAMEWORKS =
  /^(?:nunit\.framework|MSTest\.TestFramework|Microsoft\.VisualStudio\.TestPlatform\.TestFramework)\.dll$/i;

/** Of these the tests tell when they start: until the first one does, nobody knows what goes on. */
const TELLING = /^xunit\.(?:execution\.\w+|v3\.core)\.dll$/i;

interface Seen {
  readonly since: number;
  standing: string;
  standingSince: number;
  late: boolean;
}

interface Looked {
  timer: NodeJS.Timeout | undefined;
  inVain: number;
  tests: Map<string, Seen>;
}

/**
 * Deadlines of tests whose framework does not tell when they start (NUnit, MSTest): a few looks at the stacks within each
 * deadline. A test that every look has seen for that long is late; cases of one parametrised test cannot be told apart.
 */
export class TestLooks implements Disposable {
  readonly #context: TestLooksContext;
  readonly #processes = new Map<number, Looked>();
  #foundNone = false;
  #found = false;

  constructor(context: TestLooksContext) {
    this.#context = context;
  }

  /** True when processes were looked at and none of them ran tests. */
  get inVain(): boolean {
    return this.#foundNone && !this.#found;
  }

  add(pid: number): void {
    if (this.#processes.has(pid)) return;
    const process: Looked = { timer: undefined, inVain: 0, tests: new Map() };
    this.#processes.set(pid, process);
    this.#plan(pid, process);
  }

  remove(pid: number): void {
    clearTimeout(this.#processes.get(pid)?.timer);
    this.#processes.delete(pid);
  }

  [Symbol.dispose](): void {
    for (const pid of [...this.#processes.keys()]) this.remove(pid);
  }

  #plan(pid: number, process: Looked): void {
    const { deadlineMs } = this.#context;
    const wait = process.inVain < IN_VAIN ? deadlineMs / LOOKS : deadlineMs;
    process.timer = setTimeout(() => void this.#look(pid, process), wait).unref();
  }

  async #look(pid: number, process: Looked): Promise<void> {
    const { look, tells, methods } = this.#context;
    if (tells(pid)) return this.remove(pid);
    const frozen = await look(pid);
    const isTest = frozen && (await methods.of(frozen));
    if (this.#processes.get(pid) !== process) return;
    // Its first test may have begun while it was looked at: what was seen is from before.
    if (tells(pid)) return this.remove(pid);
    if (frozen && isTest && frozen.modules.some(({ name }) => FRAMEWORKS.test(name))) {
      this.#found = true;
      const running = runningTests(frozen, isTest);
      this.#context.onOther(pid, running.length > 0 ? '' : ownStanding(frozen));
      this.#judge(pid, process, running);
      if (this.#processes.get(pid) !== process) return;
    } else if (frozen) {
      if (frozen.modules.some(({ name }) => TELLING.test(name))) this.#context.onOther(pid, ownStanding(frozen));
      process.inVain += 1;
      this.#foundNone = true;
    }
    this.#plan(pid, process);
  }

  #judge(pid: number, process: Looked, running: readonly RunningTest[]): void {
    const { deadlineMs, onLate, onStanding, now } = this.#context;
    const time = now();
    const before = process.tests;
    process.tests = new Map();
    for (const test of running) {
      const { method, standing } = test;
      const known = before.get(method);
      const seen = known ?? { since: time, standing, standingSince: time, late: false };
      if (seen.standing !== standing) Object.assign(seen, { standing, standingSince: time });
      process.tests.set(method, seen);
      if (!seen.late && time - seen.since >= deadlineMs) {
        seen.late = true;
        onLate(pid, method);
      }
      if (seen.late && time - seen.standingSince >= 2 * deadlineMs) {
        // Told once: the process is about to end.
        this.remove(pid);
        onStanding(pid, test, time - seen.since);
        return;
      }
    }
  }
}
