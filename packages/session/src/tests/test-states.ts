/** Final state of a test, as the runner told it; "ended": it is over, the runner did not say how (xunit v2). */
export type TestOutcome = 'passed' | 'failed' | 'timed-out' | 'skipped' | 'ended';

export interface RunningTest {
  /** Unique in the session. */
  readonly id: string;
  readonly pid: number;
  readonly name: string;
  readonly attempt: number;
  readonly runner: string;
  readonly startedAt: number;
}

export interface EndedTest extends RunningTest {
  readonly outcome: TestOutcome;
  readonly durationMs: number;
}

/** The tests that run now, per process, and how the others ended. Times in ms of any one clock. */
export class TestStates {
  readonly #running = new Map<string, RunningTest>();
  readonly #attempts = new Map<string, number>();
  readonly #ended = new Map<string, EndedTest>();
  readonly #tellers = new Set<number>();

  /** True once any test was seen: then results will tell which captures matter. */
  get known(): boolean {
    return this.#attempts.size > 0;
  }

  /** @param runner tests that tell are xunit's */
  start(pid: number, name: string, now: number, runner = 'xunit'): RunningTest {
    const attempt = (this.#attempts.get(name) ?? 0) + 1;
    this.#attempts.set(name, attempt);
    this.#tellers.add(pid);
    const test = { id: attempt === 1 ? name : `${name}#${attempt}`, pid, name, attempt, runner, startedAt: now };
    this.#running.set(key(pid, name), test);
    return test;
  }

  /** Undefined when that test was never started here. */
  end(pid: number, name: string, outcome: TestOutcome, now: number): EndedTest | undefined {
    const test = this.#running.get(key(pid, name));
    if (!test) return undefined;
    this.#running.delete(key(pid, name));
    const ended = { ...test, outcome, durationMs: Math.max(0, now - test.startedAt) };
    this.#ended.set(test.id, ended);
    return ended;
  }

  isRunning(id: string): boolean {
    return [...this.#running.values()].some((test) => test.id === id);
  }

  /** Tests that are over without having told how. */
  get unresolved(): EndedTest[] {
    return [...this.#ended.values()].filter((test) => test.outcome === 'ended');
  }

  /** True when a test of this name was ever told of. */
  knows(name: string): boolean {
    return this.#attempts.has(name);
  }

  /** True when a process ever told of tests. */
  tells(pid: number): boolean {
    return this.#tellers.has(pid);
  }

  /** How an unresolved test ended, as somebody else tells. */
  resolve(id: string, outcome: TestOutcome, durationMs: number): EndedTest | undefined {
    const test = this.#ended.get(id);
    if (!test) return undefined;
    const resolved = { ...test, outcome, durationMs };
    this.#ended.set(id, resolved);
    return resolved;
  }

  running(pid: number): RunningTest[] {
    return [...this.#running.values()].filter((test) => test.pid === pid);
  }

  outcome(id: string): TestOutcome | undefined {
    return this.#ended.get(id)?.outcome;
  }

  /**
   * The test something in a process belongs to: the one the agent names, also when it has ended meanwhile (we are asked when the
   * process goes on, or has died); else the only one that runs; else the one that started last, as one of several candidates.
   * Undefined when none runs.
   */
  attribute(pid: number, name: string | undefined): { test: RunningTest; candidates: number } | undefined {
    const named = name === undefined ? undefined : (this.#running.get(key(pid, name)) ?? this.#lastEnded(pid, name));
    if (named) return { test: named, candidates: 1 };
    const running = this.running(pid);
    const last = running.at(-1);
    return last ? { test: last, candidates: running.length } : undefined;
  }

  #lastEnded(pid: number, name: string): EndedTest | undefined {
    return [...this.#ended.values()].findLast((test) => test.pid === pid && test.name === name);
  }
}

function key(pid: number, name: string): string {
  return `${pid}\0${name}`;
}
