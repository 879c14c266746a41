import type { EngineCapture } from '../../engine-port.ts';
import { FRAMEWORKS, type Framework, NO_TEST, REFLECTION } from './frameworks.ts';
import { sourceMethod } from './source-method.ts';

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

/**
 * The test that a capture belongs to, for frameworks that do not tell which tests run (NUnit, MSTest): the method that their
 * invoker called, on the thread's stack or in the tree of pending async methods above what the thread continues; else the only
 * test that runs in the process, else one of several. Null when none is seen.
 * @param threadId of the throwing thread
 */
export function findTest(frozen: Frozen, threadId?: number): FoundTest | null {
  const trees = pendingTests(frozen);
  const thread = frozen.threads.find(({ osId }) => osId === threadId);
  if (thread) {
    const methods = managed(thread);
    const called = calledTest(methods);
    if (called) return { ...called, candidates: 1 };
    const continued = new Set(ownPart(methods).map(sourceMethod));
    const above = trees.filter(({ below }) => [...continued].some((method) => below.has(method)));
    const found = likeliest(above.map(({ test }) => test));
    if (found) return found;
  }
  return likeliest(runningTests(frozen));
}

/** Tests of a frozen process as they are seen. */
export interface RunningTest extends Found {
  /** Equal as long as nothing moves in the test: its frames with their offsets, or what it awaits. */
  readonly standing: string;
}

/** All tests that are seen to run in a frozen process: called on a thread, or awaiting. A test may be seen in both ways. */
export function runningTests(frozen: Frozen): RunningTest[] {
  const called = frozen.threads.flatMap((thread) => {
    const test = calledTest(managed(thread));
    const offsets = thread.stack.map(({ method, ilOffset }) => `${method}@${ilOffset}`);
    return test ? [{ ...test, standing: [thread.osId, ...offsets].join('\n') }] : [];
  });
  return [...called, ...pendingTests(frozen).map(({ test, below }) => ({ ...test, standing: [...below].join('\n') }))];
}

function likeliest(tests: readonly Found[]): FoundTest | null {
  // An async test may be seen on a stack and in a tree.
  const different = [...new Map(tests.map((test) => [test.method, test])).values()];
  const last = different.at(-1);
  return last ? { ...last, candidates: different.length } : null;
}

/** Methods of a thread, newest first, without the runtime's own marks ("[InlinedCallFrame]"). */
function managed({ stack }: Frozen['threads'][number]): string[] {
  return stack.map(({ method }) => method).filter((method) => !method.startsWith('['));
}

/** Down to the machinery of a framework: a test that ended may be deeper on the stack, since the next one continues on it. */
function ownPart(methods: readonly string[]): readonly string[] {
  const end = methods.findIndex((method) => FRAMEWORKS.some(({ machinery }) => machinery.test(method)));
  return end < 0 ? methods : methods.slice(0, end);
}

function calledTest(methods: readonly string[]): Found | undefined {
  const end = ownPart(methods).length;
  for (let at = 0; at < end; at += 1) {
    if (!REFLECTION.test(methods[at + 1] ?? '') || REFLECTION.test(methods[at] ?? '')) continue;
    const below = methods.slice(at + 1);
    const invoker = below.find((method) => !REFLECTION.test(method)) ?? '';
    for (const { own, machinery, testCaller, runner } of FRAMEWORKS) {
      const first = below.find((method) => machinery.test(method));
      if (own.test(invoker) && first !== undefined && testCaller.test(first))
        return { method: sourceMethod(methods[at] ?? ''), runner };
    }
  }
  return undefined;
}

interface PendingTest {
  readonly test: Found;
  /** Source methods of everything it awaits, its own among them. */
  readonly below: ReadonlySet<string>;
}

/** Async tests that await something. */
function pendingTests({ threads, awaiting }: Frozen): PendingTest[] {
  const waits = FRAMEWORKS.filter(({ waiter }) =>
    threads.some(({ stack }) => waiter !== undefined && stack.some(({ method }) => waiter.test(method))),
  );
  const tests: PendingTest[] = [];
  const add = (node: AsyncNode, runner: Framework['runner']) => {
    const below = new Set<string>();
    collect(node, below);
    tests.push({ test: { method: sourceMethod(node.method), runner }, below });
  };
  const visit = (node: AsyncNode, parent: string | undefined) => {
    const own = sourceMethod(node.method);
    const awaited = FRAMEWORKS.find(({ awaiter }) => parent !== undefined && awaiter?.test(parent));
    const waited = parent === undefined && !NO_TEST.test(own) ? waits[0] : undefined;
    const framework = NO_TEST.test(own) ? undefined : (awaited ?? waited);
    if (framework) return add(node, framework.runner);
    for (const child of node.awaits) visit(child, own);
  };
  for (const root of awaiting) visit(root, undefined);
  return tests;
}

function collect(node: AsyncNode, into: Set<string>): void {
  into.add(sourceMethod(node.method));
  for (const child of node.awaits) collect(child, into);
}
