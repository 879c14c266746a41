import {
  closeSharedClient,
  repeatedTest,
  repeatTest,
  sharedClient,
  type TestInfo,
  TestReports,
} from '@firstchance/protocol';
import { onFunctionBegin } from './function-limit.ts';
import { limitOfHooks } from './hook-limits.ts';
import { kit } from './kit.ts';
import { SuiteHooks } from './suite-hooks.ts';
import {
  attemptId,
  endState,
  type FirstchanceMeta,
  type Suite,
  type Task,
  type Test,
  testInfo,
  timeoutOf,
} from './tasks.ts';

/** What we need of Vitest's runner class; its own type differs between 3.2, 4 and 5. */
export interface Runner {
  readonly config: { readonly hookTimeout: number };
  onBeforeCollect?(paths: unknown): unknown;
  onBeforeRunFiles?(files: unknown[]): unknown;
  onAfterRunFiles?(files: unknown[]): unknown;
  onBeforeRunSuite?(suite: unknown): unknown;
  onAfterRunSuite?(suite: unknown): unknown;
  onBeforeRunTask?(test: unknown): unknown;
  onBeforeTryTask?(test: unknown, options: { retry: number; repeats: number }): unknown;
  onTaskFinished?(test: unknown): unknown;
  onAfterRunTask?(test: unknown): unknown;
  runTask?(test: unknown): unknown;
}

/** How a version of Vitest keeps functions of tests and hooks. */
export interface Lookup {
  readonly testFn: (test: never) => (() => unknown) | undefined;
  readonly hooks: (suite: never) => Partial<Record<string, readonly unknown[]>> | undefined;
}

// A mixin's constructor must take any arguments: TypeScript asks for it in these words.
// biome-ignore lint/suspicious/noExplicitAny: TS2545
type Constructor<T> = new (...args: any[]) => T;

/**
 * A Vitest runner that tells the session which test runs and until when, and that waits for the captures of a test that timed
 * out before hooks and fixtures end its programs. Everything else is the base's.
 */
export function withCapture<B extends Constructor<Runner>>(Base: B, { testFn, hooks }: Lookup): B {
  return class extends Base {
    #reports: TestReports | undefined;
    #hooks: SuiteHooks | undefined;
    readonly #attempts = new Map<string, number>();
    /** Tests whose own limit the session keeps already. */
    readonly #limited = new Set<string>();
    /** A test whose function has ended: its afterEach hooks run. */
    #finished: TestInfo | undefined;

    // biome-ignore lint/suspicious/noExplicitAny: TS2545
    constructor(...args: any[]) {
      super(...args);
      onFunctionBegin(this, (limitMs) => this.#functionBegins(limitMs));
    }

    /** Test files may start programs when they are imported: the session must be open by then. */
    override async onBeforeCollect(paths: unknown): Promise<void> {
      await sharedClient('vitest').catch(() => undefined);
      await super.onBeforeCollect?.(paths);
    }

    override async onBeforeRunFiles(files: unknown[]): Promise<void> {
      const client = await sharedClient('vitest').catch(() => undefined);
      if (client) {
        this.#reports = new TestReports(client);
        this.#hooks = new SuiteHooks(this.#reports, this.config.hookTimeout, (suite) => hooks(suite as never) ?? {});
      }
      await super.onBeforeRunFiles?.(files);
    }

    override async onAfterRunFiles(files: unknown[]): Promise<void> {
      await super.onAfterRunFiles?.(files);
      await kit.stopAll();
      await closeSharedClient();
    }

    override async onBeforeRunSuite(suite: unknown): Promise<void> {
      await super.onBeforeRunSuite?.(suite);
      // Of a suite that does not run Vitest says nothing more.
      if (willRun(suite as Suite)) await this.#hooks?.suiteBegins(suite as Suite);
      else await this.#hooks?.taskEnded(suite as Suite);
    }

    override async onAfterRunSuite(suite: unknown): Promise<void> {
      await super.onAfterRunSuite?.(suite);
      await this.#hooks?.suiteEnds(suite as Suite);
    }

    override async onBeforeRunTask(test: unknown): Promise<void> {
      await super.onBeforeRunTask?.(test);
      if (!willRun(test as Test)) await this.#hooks?.taskEnded(test as Test);
    }

    override async onBeforeTryTask(task: unknown, options: { retry: number; repeats: number }): Promise<void> {
      await super.onBeforeTryTask?.(task, options);
      const test = task as Test;
      await this.#hooks?.testBegins();
      const before = this.#attempts.get(test.id);
      if (before !== undefined) await this.#reports?.end(attemptId(test.id, before), 'failed');
      const attempt = (before ?? 0) + 1;
      this.#attempts.set(test.id, attempt);
      // Its beforeEach hooks come first, each with a limit of its own; without any its own begins now.
      const hooksLimit = this.#limitOf(test, 'beforeEach');
      if (hooksLimit === null) this.#limited.add(test.id);
      await this.#reports?.begin(testInfo(test, attempt), hooksLimit ?? test.timeout);
    }

    override async runTask(task: unknown): Promise<void> {
      const test = task as Test;
      const info = testInfo(test, this.#attempt(test));
      const repeated = this.#reports && repeatedTest(info.title);
      // Vitest's limit is then one for each repetition.
      if (!this.#limited.delete(test.id) || repeated)
        await this.#reports?.begin(info, repeated?.timeout ?? test.timeout);
      if (repeated) await repeatTest(kit, repeated, () => this.#runOnce(task));
      else await this.#runOnce(task);
    }

    async #runOnce(task: unknown): Promise<void> {
      if (super.runTask) return void (await super.runTask(task));
      const fn = testFn(task as never);
      if (!fn) throw new Error('Test function is not found. Did you add it using `setFn`?');
      await fn();
    }

    override async onTaskFinished(task: unknown): Promise<void> {
      const test = task as Test;
      const timeout = timeoutOf(test);
      const attempt = this.#attempt(test);
      const info = testInfo(test, attempt);
      if (timeout !== undefined) await this.#reports?.late(info.id, `test ${info.title.join(' > ')}: ${timeout}`);
      const hooksLimit = this.#limitOf(test, 'afterEach');
      // A message costs every test time: where nothing of the test's comes any more, its end says all.
      if (timeout !== undefined || hooksLimit !== null || hasCallbacks(test))
        await this.#reports?.begin(info, timeout === undefined ? hooksLimit : null);
      this.#finished = hooksLimit === null ? undefined : info;
      await super.onTaskFinished?.(task);
    }

    override async onAfterRunTask(task: unknown): Promise<void> {
      const test = task as Test;
      this.#finished = undefined;
      await super.onAfterRunTask?.(task);
      const attempt = this.#attempts.get(test.id);
      if (attempt === undefined) return;
      this.#attempts.delete(test.id);
      const captures = (await this.#reports?.end(attemptId(test.id, attempt), endState(test))) ?? [];
      const meta: FirstchanceMeta = {
        captures: captures.map(({ id, kind, folder, dump }) => ({ id, kind, folder, dump })),
      };
      if (captures.length > 0) Object.assign(test.meta, { firstchance: meta });
      await this.#hooks?.taskEnded(test);
    }

    /** Not while several tests run: whose function it is nobody knows then. Written when this returns. */
    #functionBegins(limitMs: number): void {
      if (this.#attempts.size === 0) void this.#hooks?.functionBegins(limitMs);
      else if (this.#attempts.size === 1 && this.#finished) void this.#reports?.begin(this.#finished, limitMs);
    }

    #attempt(test: Task): number {
      return this.#attempts.get(test.id) ?? 1;
    }

    /** Of all hooks of this kind that surround the test; null when there is none. */
    #limitOf(test: Test, kind: 'beforeEach' | 'afterEach'): number | null {
      const all: unknown[] = [];
      for (let suite: Task | undefined = test.suite ?? (test.file as unknown as Task); suite; suite = suite.suite)
        all.push(...(hooks(suite as never)?.[kind] ?? []));
      return limitOfHooks(all, this.config.hookTimeout);
    }
  };
}

/** Not skipped, by the file or because the run was given up; and not failed before it began, as a file that throws. */
function willRun({ mode, result }: Task): boolean {
  return (mode === 'run' || mode === 'queued') && result?.state !== 'fail';
}

/** onTestFinished() and onTestFailed() run after the test, each with a limit of its own. */
function hasCallbacks({ onFinished, onFailed }: Test): boolean {
  return (onFinished?.length ?? 0) + (onFailed?.length ?? 0) > 0;
}
