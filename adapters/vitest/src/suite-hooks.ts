import type { TestInfo, TestReports } from '@firstchance/protocol';
import { endState, type Suite, type Task, testInfo } from './tasks.ts';

type HooksOf = (suite: Suite) => Partial<Record<string, readonly unknown[]>>;

/**
 * beforeAll and afterAll, told to the session as tests of their own while they run: a runner's class hears when a suite begins
 * and when it has ended, not when its hooks do.
 */
export class SuiteHooks {
  readonly #reports: TestReports;
  readonly #hookTimeout: number;
  readonly #hooksOf: HooksOf;
  #running: { info: TestInfo; suite: Suite } | undefined;

  constructor(reports: TestReports, hookTimeout: number, hooksOf: HooksOf) {
    this.#reports = reports;
    this.#hookTimeout = hookTimeout;
    this.#hooksOf = hooksOf;
  }

  async suiteBegins(suite: Suite): Promise<void> {
    await this.#end();
    await this.#begin(suite, 'beforeAll');
  }

  /** beforeAll is over. */
  async testBegins(): Promise<void> {
    await this.#end();
  }

  /** After the last one of a suite come its afterAll hooks. */
  async taskEnded(task: Task): Promise<void> {
    const { suite } = task;
    if (suite?.tasks.at(-1)?.id === task.id) await this.#begin(suite, 'afterAll');
  }

  async suiteEnds(suite: Suite): Promise<void> {
    await this.#end();
    await this.taskEnded(suite);
  }

  async #begin(suite: Suite, kind: 'beforeAll' | 'afterAll'): Promise<void> {
    const count = this.#hooksOf(suite)[kind]?.length ?? 0;
    if (count === 0) return;
    const info = testInfo(suite, 1, kind);
    this.#running = { info, suite };
    await this.#reports.begin(info, count * this.#hookTimeout);
  }

  async #end(): Promise<void> {
    const running = this.#running;
    if (!running) return;
    this.#running = undefined;
    const failed = running.suite.result?.state === 'fail' && running.suite.result.errors !== undefined;
    await this.#reports.end(running.info.id, failed ? endState(running.suite) : 'passed');
  }
}
