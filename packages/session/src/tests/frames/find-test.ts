import type { EngineCapture } from '../../engine-port.ts';
import { FRAMEWORKS, type Framework, MADE, NO_TEST, REFLECTION } from './frameworks.ts';
import { sourceMethod } from './source-method.ts';
import { type IsTest, isContinued } from './test-methods.ts';

/** A test found in a frozen process. */
export interface FoundTest {
  /** Its method, "Suite.OrderTests.Fails"; the case of a parametrised test is not in the stack. */
  readonly method: string;
  readonly runner: Framework['runner'];
  /** Tests that ran at that moment, of which this is the likeliest; 1 when it is certain. */
  readonly candidates: number;
}

type Frozen = Pick<EngineCapture, 'threads' | 'awaiting'>;
type Found = Omit<FoundTest, 'candidates'>;
type AsyncNode = Frozen['awaiting'][number];
type Frame = Frozen['threads'][number]['stack'][number];

/**
 * The test that a capture belongs to, for frameworks that do not tell which tests run (NUnit, MSTest): the method that their
 * invoker called, on the thread's stack; or the async test that the thread goes on with; or the one in the tree of pending async
 * methods above what it goes on with; else the only test that runs in the process, else one of several. Null when none is seen.
 * @param isTest by attributes
 * @param threadId of the throwing thread
 */
export function findTest(frozen: Frozen, isTest: IsTest, threadId?: number): FoundTest | null {
  const trees = pendingTests(frozen, isTest);
  const thread = frozen.threads.find(({ osId }) => osId === threadId);
  if (thread) {
    const called = seenOn(thread, frozen, isTest);
    if (called) return { ...called, candidates: 1 };
    const continued = new Set(ownPart(managed(thread)).map(({ method }) => sourceMethod(method)));
    const above = trees.filter(({ below }) => [...continued].some((method) => below.has(method)));
    const found = likeliest(above.map(({ test }) => test));
    if (found) return found;
  }
  return likeliest(runningTests(frozen, isTest));
}

/** Tests of a frozen process as they are seen. */
export interface RunningTest extends Found {
  /** Equal as long as nothing moves in the test: its frames with their offsets, or what it awaits. */
  readonly standing: string;
}

/** All tests that are seen to run in a frozen process: called on a thread, or awaiting. A test may be seen in both ways. */
export function runningTests(frozen: Frozen, isTest: IsTest): RunningTest[] {
  const called = frozen.threads.flatMap((thread) => {
    const test = seenOn(thread, frozen, isTest);
    const offsets = thread.stack.map(({ method, ilOffset }) => `${method}@${ilOffset}`);
    return test ? [{ ...test, standing: [thread.osId, ...offsets].join('\n') }] : [];
  });
  return [
    ...called,
    ...pendingTests(frozen, isTest).map(({ test, below }) => ({ ...test, standing: [...below].join('\n') })),
  ];
}

/** What the program's own code stands at, whether in a test or not; '' where none is seen. */
export function ownStanding({ threads, awaiting }: Frozen): string {
  const isOwn = (method: string) => !MADE.test(method) && !NO_TEST.test(sourceMethod(method));
  const called = threads.flatMap(({ osId, stack }) =>
    stack.filter(({ method }) => isOwn(method)).map(({ method, ilOffset }) => `${osId} ${method}@${ilOffset}`),
  );
  const pending = new Set<string>();
  for (const node of awaiting) collect(node, pending);
  return [...called, ...[...pending].filter(isOwn)].join('\n');
}

function likeliest(tests: readonly Found[]): FoundTest | null {
  // An async test may be seen on a stack and in a tree.
  const different = [...new Map(tests.map((test) => [test.method, test])).values()];
  const last = different.at(-1);
  return last ? { ...last, candidates: different.length } : null;
}

/** Frames of a thread, newest first, without the runtime's own marks ("[InlinedCallFrame]"). */
function managed({ stack }: Frozen['threads'][number]): Frame[] {
  return stack.filter(({ method }) => !method.startsWith('['));
}

/** Down to the machinery of a framework: a test that ended may be deeper on the stack, since the next one continues on it. */
function ownPart(frames: readonly Frame[]): readonly Frame[] {
  const end = frames.findIndex(({ method }) => FRAMEWORKS.some(({ machinery }) => machinery.test(method)));
  return end < 0 ? frames : frames.slice(0, end);
}

/** The test that runs on a thread. */
function seenOn(thread: Frozen['threads'][number], frozen: Frozen, isTest: IsTest): Found | undefined {
  const frames = managed(thread);
  const own = ownPart(frames);
  const methods = frames.map(({ method }) => method);
  return calledTest(methods, own.length) ?? continuedTest(own, frozen, isTest);
}

/** @param end of the part that belongs to a test that still runs */
function calledTest(methods: readonly string[], end: number): Found | undefined {
  for (let at = 0; at < end; at += 1) {
    if (!REFLECTION.test(methods[at + 1] ?? '') || REFLECTION.test(methods[at] ?? '')) continue;
    const below = methods.slice(at + 1);
    const invoker = below.find((method) => !REFLECTION.test(method)) ?? '';
    for (const { own, machinery, testCaller, runner } of FRAMEWORKS) {
      // Its handler of what a test threw stands above the frames that are unwound: the call of the test that it has just made.
      if (own.test(methods[at] ?? '')) continue;
      const first = below.find((method) => machinery.test(method));
      if (own.test(invoker) && first !== undefined && testCaller.test(first))
        return { method: sourceMethod(methods[at] ?? ''), runner };
    }
  }
  return undefined;
}

/**
 * An async test after an await: the runtime calls its MoveNext, and neither the invoker nor a pending method tells of it. What it
 * calls stands above it, so that the oldest method with a test's attribute is the one.
 */
function continuedTest(own: readonly Frame[], frozen: Frozen, isTest: IsTest): Found | undefined {
  const test = own.findLast(
    ({ method, modulePath }) => isContinued(method) && isTest(modulePath, sourceMethod(method)),
  );
  const runner = test && (frameworkOf(frozen) ?? FRAMEWORKS[0])?.runner;
  return test && runner && { method: sourceMethod(test.method), runner };
}

/** The framework whose code is seen in the process. */
function frameworkOf({ threads, awaiting }: Frozen): Framework | undefined {
  const methods = [...threads.flatMap(({ stack }) => stack), ...awaiting].map(({ method }) => method);
  return FRAMEWORKS.find(({ own }) => methods.some((method) => own.test(method)));
}

interface PendingTest {
  readonly test: Found;
  /** Source methods of everything it awaits, its own among them. */
  readonly below: ReadonlySet<string>;
}

/** Async tests that await something: by their attributes, and where these cannot be read by what awaits them. */
function pendingTests({ threads, awaiting }: Frozen, isTest: IsTest): PendingTest[] {
  const waiting = FRAMEWORKS.find(({ waiter }) =>
    threads.some(({ stack }) => waiter !== undefined && stack.some(({ method }) => waiter.test(method))),
  );
  const tests: PendingTest[] = [];
  const visit = (node: AsyncNode, parent: string | undefined) => {
    const own = sourceMethod(node.method);
    const awaited = FRAMEWORKS.find(({ awaiter }) => parent !== undefined && awaiter?.test(parent));
    const known = NO_TEST.test(own) ? false : isTest(node.modulePath, own);
    // A thread waits for one async method of a test: when there is no other, that is it.
    const guessed = awaited ?? (parent === undefined && isOnly(node, awaiting) ? waiting : undefined);
    const framework = known === undefined ? guessed : known ? (awaited ?? waiting ?? FRAMEWORKS[0]) : undefined;
    if (framework) {
      const below = new Set<string>();
      collect(node, below);
      tests.push({ test: { method: own, runner: framework.runner }, below });
    } else for (const child of node.awaits) visit(child, own);
  };
  for (const root of awaiting) visit(root, undefined);
  return tests;
}

function isOnly(node: AsyncNode, roots: readonly AsyncNode[]): boolean {
  return roots.every((root) => root === node || NO_TEST.test(sourceMethod(root.method)));
}

function collect(node: AsyncNode, into: Set<string>): void {
  into.add(sourceMethod(node.method));
  for (const child of node.awaits) collect(child, into);
}
