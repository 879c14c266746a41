import { type EndState, type TestInfo, workerNumber } from '@firstchance/protocol';

/* The parts of Vitest's tasks that we read. Written down here because they hold for 3.2, 4 and 5, whose own types differ. */

export interface Task {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  /** What it is meant to do: run, queued (the same), skip, todo. */
  readonly mode?: string;
  readonly suite?: Suite | undefined;
  readonly file: { readonly filepath: string; readonly name: string; readonly projectName?: string | undefined };
  readonly location?: { readonly line: number } | undefined;
  readonly result?:
    | { readonly state?: string; readonly errors?: readonly { readonly message?: string }[] | undefined }
    | undefined;
  readonly meta: object;
}

export interface Test extends Task {
  /** In ms; 0 and Infinity: none. */
  readonly timeout: number;
  readonly onFinished?: readonly unknown[];
  readonly onFailed?: readonly unknown[];
}

export interface Suite extends Task {
  readonly tasks: readonly Task[];
}

/** What task.meta holds of us: `firstchance`. */
export interface FirstchanceMeta {
  readonly captures: readonly {
    readonly id: string;
    readonly kind: string;
    readonly folder: string;
    readonly dump: string | null;
  }[];
}

export function testInfo(task: Task, attempt: number, more?: string): TestInfo {
  return {
    id: attemptId(more === undefined ? task.id : `${task.id} ${more}`, attempt),
    title: [...titleOf(task), ...(more === undefined ? [] : [more])],
    file: task.file.name,
    line: task.location?.line ?? null,
    runner: 'vitest',
    attempt,
    ...(task.file.projectName ? { project: task.file.projectName } : {}),
    ...workerNumber(process.env.VITEST_POOL_ID),
  };
}

/** A retry is a test of its own for the session. */
export function attemptId(id: string, attempt: number): string {
  return attempt === 1 ? id : `${id}#${attempt}`;
}

export function endState(task: Task): EndState {
  const state = task.result?.state;
  if (state === 'pass') return 'passed';
  if (state === 'skip' || state === 'todo') return 'skipped';
  return timeoutOf(task) === undefined ? 'failed' : 'timed-out';
}

/** The runner's own words when a test, or one of its hooks, took too long. */
export function timeoutOf(task: Task): string | undefined {
  const messages = task.result?.errors?.map(({ message }) => message ?? '') ?? [];
  return messages
    .map((message) => /^(Test|Hook) timed out in \d+ms/.exec(message)?.[0])
    .find((one) => one !== undefined);
}

/** The suite that a test or suite is in; the outermost one is the file, which tasks do not always name as theirs. */
export function parentOf({ id, suite, file }: Task): Suite | undefined {
  if (suite) return suite;
  const outermost = file as unknown as Suite;
  return outermost.id === id ? undefined : outermost;
}

function titleOf(task: Task): string[] {
  // The file is the outermost suite, and is named elsewhere.
  const isFile = (one: Task) => one.suite === undefined && one.type === 'suite' && 'filepath' in one;
  const names: string[] = [];
  for (let one: Task | undefined = task; one && !isFile(one); one = one.suite) names.unshift(one.name);
  return names;
}
