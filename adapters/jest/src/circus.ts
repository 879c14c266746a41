/* The parts of jest-circus's events that we read; they are the same in 29.7 and 30. */

export interface DescribeBlock {
  readonly name: string;
  readonly parent?: DescribeBlock | undefined;
  readonly hooks?: readonly { readonly type: string }[];
  /** In the order in which they run. */
  readonly children?: readonly (DescribeBlock | CircusTest)[];
}

export interface CircusTest {
  readonly name: string;
  /** Jest looks at it, and at `timeout`, when test_fn_start has been handled. */
  fn?: ((...args: never[]) => unknown) | undefined;
  readonly parent: DescribeBlock;
  /** In ms; absent: the file's. */
  timeout?: number | undefined;
  /** How often it has been run, this time included. */
  readonly invocations: number;
  /** Errors, each alone or with the error of its place. */
  readonly errors: readonly unknown[];
  readonly asyncError?: unknown;
}

export interface CircusHook {
  readonly type: 'beforeAll' | 'beforeEach' | 'afterEach' | 'afterAll';
  readonly timeout?: number | undefined;
  readonly parent: DescribeBlock;
}

export interface CircusEvent {
  readonly name: string;
  readonly test?: CircusTest;
  readonly hook?: CircusHook;
  readonly error?: unknown;
  readonly describeBlock?: DescribeBlock;
}

export interface CircusState {
  readonly rootDescribeBlock?: DescribeBlock;
  readonly currentlyRunningTest?: CircusTest | null;
  readonly testTimeout: number;
}

/** Suites first. The root block has a name of its own that nobody wrote. */
export function titleOf({ name, parent }: DescribeBlock | CircusTest): string[] {
  const title = [name];
  for (let block: DescribeBlock | undefined = parent; block?.parent; block = block.parent) title.unshift(block.name);
  return title;
}

/** All tests below a block, in the order in which they run. */
export function* testsOf({ children = [] }: DescribeBlock): Generator<CircusTest, void> {
  for (const child of children) {
    if ('invocations' in child) yield child;
    else yield* testsOf(child);
  }
}

/** A hook of this kind surrounds the test. */
export function hasHooks({ parent }: CircusTest, kind: 'beforeEach' | 'afterEach'): boolean {
  for (let block: DescribeBlock | undefined = parent; block; block = block.parent)
    if (block.hooks?.some(({ type }) => type === kind)) return true;
  return false;
}

/** Jest's own words when a test or hook took too long: then, and only then, the error is a plain text. */
export function timeoutText(error: unknown): string | undefined {
  const [first] = Array.isArray(error) ? error : [error];
  const text = typeof first === 'string' ? first : (member(first, 'message') ?? '');
  return /Exceeded timeout of [\d,.]+ ?ms for a (test|hook)/.exec(String(text))?.[0];
}

/** Line in the test file where a test was written, from 1; null when its stack does not say. */
export function lineOf({ asyncError }: CircusTest, file: string): number | null {
  const stack = String(member(asyncError, 'stack') ?? '');
  const line = stack.split('\n').find((one) => one.includes(`${file}:`));
  const number = Number(/:(\d+):\d+\)?$/.exec(line ?? '')?.[1]);
  return number > 0 ? number : null;
}

/** Of an object of the sandbox: it is no instance of our Object. */
function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
