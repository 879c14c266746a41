import type { EndState, TestInfo, TestReports } from '@firstchance/protocol';
import {
  type CircusEvent,
  type CircusHook,
  type CircusState,
  type CircusTest,
  hasHooks,
  timeoutText,
  titleOf,
} from './circus.ts';
import { LineReader } from './line-reader.ts';

/** A test file as it is run: by one worker, in one of the projects that may run it. */
export interface TestFile {
  /** Absolute. */
  readonly path: string;
  /** As it is shown. */
  readonly name: string;
  readonly project?: string;
  readonly worker?: number;
}

/** What Jest tells of the tests of one file, told to the session. Every method is awaited by Jest before it goes on. */
export class EventReports {
  readonly #reports: TestReports;
  readonly #file: TestFile;
  readonly #ids = new Map<CircusTest, string>();
  readonly #used = new Map<string, number>();
  readonly #lines: LineReader;
  /** Ids of tests that were told and have not ended. */
  readonly #begun = new Set<string>();
  #suiteHook: TestInfo | undefined;

  constructor(reports: TestReports, file: TestFile) {
    this.#reports = reports;
    this.#file = file;
    this.#lines = new LineReader(file.path);
  }

  async handle(event: CircusEvent, state: CircusState): Promise<void> {
    const { name, test, hook, error } = event;
    if (name === 'run_finish') this.#lines.stop();
    if (hook) return await this.#hook(name, hook, state, error);
    if (!test) return;
    if (name === 'test_fn_start' && state.rootDescribeBlock) this.#lines.readAhead(state.rootDescribeBlock);
    // A message costs every test time. Where no hook comes between, the next one says all.
    if (name === 'test_start' && hasHooks(test, 'beforeEach')) await this.#begin(test, null);
    else if (name === 'test_fn_start') await this.#begin(test, test.timeout ?? state.testTimeout);
    else if (name === 'test_fn_success' && hasHooks(test, 'afterEach')) await this.#begin(test, null);
    else if (name === 'test_fn_failure') await this.#failed(this.#begunTest(test), error);
    else if (name === 'test_skip' || name === 'test_todo') await this.#end(test, 'skipped');
    else if (name === 'test_done') await this.#end(test, endState(test));
  }

  async #begin(test: CircusTest, limitMs: number | null): Promise<void> {
    await this.#reports.begin(this.#begunTest(test), limitMs);
  }

  #begunTest(test: CircusTest): TestInfo {
    const info = this.#info(test);
    this.#begun.add(info.id);
    return info;
  }

  /** A test whose function never ran (skipped, or a hook before it failed) is told all the same. */
  async #end(test: CircusTest, state: EndState): Promise<void> {
    const info = this.#info(test);
    if (!this.#begun.delete(info.id)) await this.#reports.begin(info, null);
    await this.#reports.end(info.id, state);
  }

  async #hook(name: string, hook: CircusHook, state: CircusState, error: unknown): Promise<void> {
    const test = state.currentlyRunningTest;
    const info = test ? this.#begunTest(test) : this.#suiteInfo(hook);
    if (name === 'hook_start') {
      if (!test) this.#suiteHook = info;
      await this.#reports.begin(info, hook.timeout ?? state.testTimeout);
    } else if (name === 'hook_failure') {
      await this.#failed(info, error);
      if (!test) await this.#endSuiteHook(timeoutText(error) === undefined ? 'failed' : 'timed-out');
    } else if (name === 'hook_success') {
      if (test) await this.#reports.begin(info, null);
      else await this.#endSuiteHook('passed');
    }
  }

  /** Hooks and the environment's teardown come after this: what still runs is captured before. */
  async #failed(info: TestInfo, error: unknown): Promise<void> {
    const timeout = timeoutText(error);
    if (timeout !== undefined) await this.#reports.late(info.id, `test ${info.title.join(' > ')}: ${timeout}`);
    await this.#reports.begin(info, null);
  }

  async #endSuiteHook(state: EndState): Promise<void> {
    const info = this.#suiteHook;
    this.#suiteHook = undefined;
    if (info) await this.#reports.end(info.id, state);
  }

  #info(test: CircusTest): TestInfo {
    const title = titleOf(test);
    const attempt = Math.max(1, test.invocations);
    const id = this.#idOf(test, title);
    return {
      id: attempt === 1 ? id : `${id}#${attempt}`,
      ...{ title, line: this.#lines.lineOf(test), attempt },
      ...this.#place,
    };
  }

  /** Jest has no ids: file and title, and a number where two tests of a file have the same title. */
  #idOf(test: CircusTest, title: readonly string[]): string {
    const present = this.#ids.get(test);
    if (present !== undefined) return present;
    const name = this.#name(title);
    const count = (this.#used.get(name) ?? 0) + 1;
    this.#used.set(name, count);
    const id = count === 1 ? name : `${name} [${count}]`;
    this.#ids.set(test, id);
    return id;
  }

  /** beforeAll and afterAll run outside of tests: for the session each is one of its own. */
  #suiteInfo({ type, parent }: CircusHook): TestInfo {
    if (this.#suiteHook) return this.#suiteHook;
    const title = [...(parent.parent ? titleOf(parent) : []), type];
    return { id: this.#name(title), title, line: null, attempt: 1, ...this.#place };
  }

  /** Unique but for tests of one title in a file: the projects of a run may share their files. */
  #name(title: readonly string[]): string {
    const { name, project } = this.#file;
    return [...(project === undefined ? [] : [`[${project}]`]), name, ...title].join(' > ');
  }

  get #place(): Pick<TestInfo, 'file' | 'runner' | 'project' | 'worker'> {
    const { name, project, worker } = this.#file;
    return {
      ...{ file: name, runner: 'jest' },
      ...(project === undefined ? {} : { project }),
      ...(worker === undefined ? {} : { worker }),
    };
  }
}

function endState({ errors }: CircusTest): EndState {
  if (errors.length === 0) return 'passed';
  return errors.some((error) => timeoutText(error) !== undefined) ? 'timed-out' : 'failed';
}
