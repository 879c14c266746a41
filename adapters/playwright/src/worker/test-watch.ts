import { stripVTControlCharacters } from 'node:util';
import type { CaptureBrief, TestInfo as SessionTest, TestReports } from '@firstchance/protocol';
import type { TestInfo } from '@playwright/test';
import { endState, testFacts } from './test-facts.ts';
import { type Runnable, type TimeKeeper, timeKeeperOf, timeLeft } from './time-keeper.ts';

/** Limits that differ by less are the same one: what is between two hooks is counted to none. */
const SAME_MS = 50;
/** Our own fixtures have limits that are none of the test's. */
const OWN = /^firstchance/;

type State = 'before' | 'runs' | 'late' | 'over';

/**
 * One test, told to the session: that it runs, until when at each of its steps, and how it ended. When Playwright gives up on
 * a step this waits for the captures, so that they are there before hooks and fixtures go on to end programs.
 */
export class TestWatch {
  readonly #reports: TestReports;
  readonly #test: TestInfo;
  readonly #now: () => number;
  #state: State = 'before';
  /** Of the test's present limit; by the clock, null when it has none. */
  #deadline: number | null | undefined;
  /** Repeats the test's function. */
  #repeat: ((body: () => Promise<unknown>) => Promise<unknown>) | undefined;
  /** When the present step began. */
  #began = 0;

  /** @param now a monotonic clock, in ms */
  constructor(reports: TestReports, test: TestInfo, now: () => number = () => performance.now()) {
    this.#reports = reports;
    this.#test = test;
    this.#now = now;
  }

  /** The test's function is given to this instead of being called. */
  repeatWith(repeat: (body: () => Promise<unknown>) => Promise<unknown>): void {
    this.#repeat = repeat;
  }

  /** Follows every limit of the test from now on. False when this Playwright cannot be followed. */
  follow(): boolean {
    const keeper = timeKeeperOf(this.#test);
    if (!keeper) return false;
    const { withRunnable, _updateTimeout: update } = keeper;
    keeper.withRunnable = (runnable, work) => {
      const repeat = runnable && this.#state === 'runs' && isTestFunction(runnable) ? this.#repeat : undefined;
      const step = withRunnable.bind(keeper, runnable, repeat ? () => repeat(work) : work);
      if (!runnable || OWN.test(runnable.fixture?.title ?? '')) return step();
      return this.#step(keeper, runnable, () => withoutOurFrames(step));
    };
    keeper._updateTimeout = (running) => {
      update.call(keeper, running);
      if (this.#follows(running.runnable))
        void this.#arm(timeLeft(keeper, running.runnable, this.#now() - this.#began));
    };
    return true;
  }

  /** The test itself begins; its beforeAll hooks are over. */
  async begin(): Promise<void> {
    this.#state = 'runs';
    await this.#arm(this.#test.timeout === 0 ? null : this.#test.timeout);
  }

  /** @returns its captures */
  async end(failed = false): Promise<readonly CaptureBrief[]> {
    this.#state = 'over';
    return await this.#reports.end(testFacts(this.#test).id, failed ? 'failed' : endState(this.#test));
  }

  async #step(keeper: TimeKeeper, runnable: Runnable, work: () => Promise<unknown>): Promise<unknown> {
    if (isSuiteHook(runnable)) return await this.#suiteHook(keeper, runnable, work);
    if (!this.#follows(runnable)) return await work();
    await this.#arm(timeLeft(keeper, runnable));
    this.#began = this.#now();
    try {
      return await work();
    } catch (error) {
      if (keeper.isTimeExhaustedFor(runnable)) {
        this.#state = 'late';
        await this.#late(testFacts(this.#test), error);
        await this.#arm(null);
      }
      throw error;
    }
  }

  /** beforeAll and afterAll run outside of tests: for the session each is one of its own. */
  async #suiteHook(keeper: TimeKeeper, runnable: Runnable, work: () => Promise<unknown>): Promise<unknown> {
    const hook = testFacts(this.#test, runnable.type);
    await this.#reports.begin(hook, timeLeft(keeper, runnable));
    try {
      const result = await work();
      await this.#reports.end(hook.id, 'passed');
      return result;
    } catch (error) {
      const late = keeper.isTimeExhaustedFor(runnable);
      if (late) await this.#late(hook, error);
      await this.#reports.end(hook.id, late ? 'timed-out' : 'failed');
      throw error;
    }
  }

  async #late(test: SessionTest, error: unknown): Promise<void> {
    const [why = ''] = stripVTControlCharacters(error instanceof Error ? error.message : String(error)).split('\n');
    await this.#reports.late(test.id, `test ${test.title.join(' > ')}: ${why}`);
  }

  #follows({ type, fixture }: Runnable): boolean {
    return this.#state === 'runs' && type !== 'teardown' && !ofSuiteHook(type) && !OWN.test(fixture?.title ?? '');
  }

  async #arm(limitMs: number | null): Promise<void> {
    const deadline = limitMs === null ? null : this.#now() + limitMs;
    if (this.#deadline !== undefined && isSame(this.#deadline, deadline)) return;
    this.#deadline = deadline;
    await this.#reports.begin(testFacts(this.#test), limitMs);
  }
}

/**
 * People read the stacks of what tests throw: nothing of us is in them when the microtask queue makes the call, and when what
 * waits for it is a function that V8 cannot tell to be one that awaits.
 */
function withoutOurFrames(step: () => Promise<unknown>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    Promise.resolve()
      .then(step)
      .then(
        (value) => resolve(value),
        (error: unknown) => reject(error),
      );
  });
}

/** Not a fixture of it, nor what comes after it, which has a slot of its own. */
function isTestFunction({ type, fixture, slot }: Runnable): boolean {
  return type === 'test' && fixture === undefined && slot === undefined;
}

/** The function of the hook, not a fixture that it uses. */
function isSuiteHook({ type, fixture }: Runnable): boolean {
  return ofSuiteHook(type) && fixture === undefined;
}

function ofSuiteHook(type: string): boolean {
  return type === 'beforeAll' || type === 'afterAll';
}

function isSame(a: number | null, b: number | null): boolean {
  return a === null || b === null ? a === b : Math.abs(a - b) < SAME_MS;
}
