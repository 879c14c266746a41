import type { TestInfo, TestReports } from '@firstchance/protocol';
import { limitOfHooks } from './hook-limits.ts';
import { endState, parentOf, type Suite, type Task, testInfo, timeoutOf } from './tasks.ts';

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
  /** By suite: what of it has ended, in whatever order, or will not run. */
  readonly #ended = new Map<string, Set<string>>();

  constructor(reports: TestReports, hookTimeout: number, hooksOf: HooksOf) {
    this.#reports = reports;
    this.#hookTimeout = hookTimeout;
    this.#hooksOf = hooksOf;
  }

  async suiteBegins(suite: Suite): Promise<void> {
    await this.#end();
    this.#ended.delete(suite.id);
    await this.#begin(suite, 'beforeAll');
  }

  /** beforeAll is over. */
  async testBegins(): Promise<void> {
    await this.#end();
  }

  /** A test or suite has ended, or is skipped. After the last one of a suite come its afterAll hooks. */
  async taskEnded(task: Task): Promise<void> {
    const suite = parentOf(task);
    if (!suite) return;
    const ended = this.#ended.get(suite.id) ?? new Set();
    this.#ended.set(suite.id, ended.add(task.id));
    if (suite.tasks.every(({ id }) => ended.has(id))) await this.#begin(suite, 'afterAll');
  }

  /** One of the hooks that run now, which has this limit of its own. */
  async functionBegins(limitMs: number): Promise<void> {
    if (this.#running) await this.#reports.begin(this.#running.info, limitMs);
  }

  async suiteEnds(suite: Suite): Promise<void> {
    await this.#end();
    await this.taskEnded(suite);
  }

  async #begin(suite: Suite, kind: 'beforeAll' | 'afterAll'): Promise<void> {
    const limit = limitOfHooks(this.#hooksOf(suite)[kind] ?? [], this.#hookTimeout);
    if (limit === null) return;
    await this.#end(); // beforeAll, where no test came after it
    const info = testInfo(suite, 1, kind);
    this.#running = { info, suite };
    await this.#reports.begin(info, limit);
  }

  async #end(): Promise<void> {
    const running = this.#running;
    if (!running) return;
    this.#running = undefined;
    const failed = running.suite.result?.state === 'fail' && running.suite.result.errors !== undefined;
    const timeout = failed ? timeoutOf(running.suite) : undefined;
    if (timeout !== undefined)
      await this.#reports.late(running.info.id, `${running.info.title.join(' > ')}: ${timeout}`);
    await this.#reports.end(running.info.id, failed ? endState(running.suite) : 'passed');
  }
}
