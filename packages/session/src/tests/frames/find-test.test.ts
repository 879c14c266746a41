import { describe, expect, it } from 'vitest';
import { findTest as find, runningTests } from './find-test.ts';
import { sourceMethod } from './source-method.ts';
import type { IsTest } from './test-methods.ts';

/** Attributes that could not be read. */
const unknown: IsTest = () => undefined;
const suite: IsTest = (_path, method) => method.startsWith('Suite.');
const findTest = (frozen: never, threadId?: number, isTest = suite) => find(frozen, isTest, threadId);

/* Frames as they were read from NUnit 5 and MSTest 4 on .NET 10. */

const INVOKE = [
  '[InlinedCallFrame]',
  'System.Reflection.MethodBaseInvoker.InterpretedInvoke_Method(System.Object, IntPtr*)',
  'System.Reflection.RuntimeMethodInfo.Invoke(System.Object, System.Reflection.BindingFlags)',
];
const NUNIT_TEST = [
  ...INVOKE,
  'NUnit.Framework.Internal.Reflect.InvokeMethod(System.Reflection.MethodInfo, System.Object, System.Object[])',
  'NUnit.Framework.Internal.MethodWrapper.Invoke(System.Object, System.Object[])',
  'NUnit.Framework.Internal.Commands.TestMethodCommand.RunTestMethod(NUnit.Framework.Internal.TestExecutionContext)',
  'NUnit.Framework.Internal.Execution.WorkItem.Execute()',
];
const NUNIT_SETUP = [
  ...INVOKE,
  'NUnit.Framework.Internal.MethodWrapper.Invoke(System.Object, System.Object[])',
  'NUnit.Framework.Internal.Commands.SetUpTearDownItem.RunSetUp(NUnit.Framework.Internal.TestExecutionContext)',
  'NUnit.Framework.Internal.Commands.TestMethodCommand.Execute(NUnit.Framework.Internal.TestExecutionContext)',
];
const NUNIT_WAITS = [
  'NUnit.Framework.Internal.AsyncToSyncAdapter.Await(NUnit.Framework.Internal.TestExecutionContext, System.Func)',
  'NUnit.Framework.Internal.Commands.TestMethodCommand.RunTestMethod(NUnit.Framework.Internal.TestExecutionContext)',
];
const MSTEST = 'Microsoft.VisualStudio.TestPlatform.MSTest.TestAdapter';
const MSTEST_TEST = [
  ...INVOKE,
  `${MSTEST}.Extensions.MethodInfoExtensions.GetInvokeResultWithParametersAsync(System.Reflection.MethodInfo)`,
  `${MSTEST}.Execution.TestMethodInfo+<ExecuteInternalAsync>d__63.MoveNext()`,
  `${MSTEST}.Execution.TestMethodRunner+<ExecuteAsync>d__10.MoveNext()`,
];
const MACHINE = 'System.Runtime.CompilerServices.AsyncTaskMethodBuilder<VoidTaskResult>+AsyncStateMachineBox';
const continued = (type: string) => [`${type}.MoveNext()`, `${MACHINE}<${type}>.MoveNext()`];

interface Node {
  readonly method: string;
  readonly awaits: readonly Node[];
}
const node = (method: string, ...awaits: Node[]): Node => ({ method, awaits });
const frozen = (threads: string[][], awaiting: Node[] = []) =>
  ({
    threads: threads.map((stack, index) => ({ osId: index + 1, stack: stack.map((method) => ({ method })) })),
    awaiting,
  }) as never;

it.each([
  ['Suite.Orders.Fails()', 'Suite.Orders.Fails'],
  ['Suite.Orders+Inner.Adds(Int32, System.Func<System.Int32>)', 'Suite.Orders+Inner.Adds'],
  ['Suite.Base<System.__Canon>.Adds<System.Int32>(Int32)', 'Suite.Base.Adds'],
  ['Suite.Orders+<Loads>d__2.MoveNext()', 'Suite.Orders.Loads'],
  ['Suite.Orders+<Loads>d__2<System.Int32>.MoveNext()', 'Suite.Orders.Loads'],
  ['Suite.Orders+<>c.<Throws>b__3_0()', 'Suite.Orders.Throws'],
  ['Suite.Orders+<>c__DisplayClass3_0+<<Throws>b__0>d.MoveNext()', 'Suite.Orders.Throws'],
  ['Suite.Orders.<Throws>g__Local|3_0(Int32)', 'Suite.Orders.Throws'],
  [`${MACHINE}<Shop.Orders+<CancelAsync>d__2>`, 'Shop.Orders.CancelAsync'],
  [`${MACHINE}<Shop.Orders+<CancelAsync>d__2>.MoveNext()`, 'Shop.Orders.CancelAsync'],
  ['', ''],
  ['odd', 'odd'],
])('%s is of %s', (method, source) => expect(sourceMethod(method)).toBe(source));

describe('on the stack', () => {
  it.each([
    ['nunit', NUNIT_TEST],
    ['mstest', MSTEST_TEST],
  ])('%s: the method that its invoker called', (runner, below) => {
    const stack = ['Shop.Orders.Divide(Int32, Int32)', 'Suite.OrderTests.Fails()', ...below];
    expect(findTest(frozen([stack]), 1)).toEqual({ method: 'Suite.OrderTests.Fails', runner, candidates: 1 });
  });

  it('the newest, when a test continues on the stack of one that ended', () => {
    const ended = continued('Suite.OrderTests+<FailsAfterAwait>d__2');
    const stack = ['Suite.OrderTests.Catches()', ...MSTEST_TEST, ...ended];
    expect(findTest(frozen([stack]), 1)?.method).toBe('Suite.OrderTests.Catches');
    // Between two tests none runs.
    expect(findTest(frozen([[...MSTEST_TEST.slice(5), ...ended]]), 1)).toBeNull();
  });

  it('the framework that throws anew what a test threw is no test', () => {
    const rethrows = [NUNIT_TEST[3] ?? '', INVOKE[1] ?? '', ...NUNIT_TEST];
    expect(findTest(frozen([rethrows]), 1)).toBe(null);
  });

  it('a set-up is no test', () => {
    expect(findTest(frozen([['Suite.OrderTests.SetUp()', ...NUNIT_SETUP]]), 1)).toBeNull();
  });

  it('a method that the test itself calls by reflection is not the test', () => {
    const stack = ['Shop.Plugin.Run()', ...INVOKE, 'Shop.Host.Load()', 'Suite.OrderTests.Loads()', ...NUNIT_TEST];
    expect(findTest(frozen([stack]), 1)?.method).toBe('Suite.OrderTests.Loads');
  });
});

describe('after an await', () => {
  const tree = (name: string) => node(`Suite.OrderTests.${name}`, node(`${MACHINE}<Shop.Orders+<${name}Async>d__2>`));
  const below = (child: Node) => node(`${MSTEST}.Execution.TestMethodInfo.ExecuteInternalAsync`, child);

  it('the test that awaits what the thread continues', () => {
    const thread = continued('Shop.Orders+<CancelAsync>d__2');
    expect(findTest(frozen([thread], [below(tree('Load')), below(tree('Cancel'))]), 1)).toEqual({
      ...{ method: 'Suite.OrderTests.Cancel', runner: 'mstest', candidates: 1 },
    });
    expect(findTest(frozen([thread, NUNIT_WAITS], [tree('Load'), tree('Cancel')]), 1)).toEqual({
      ...{ method: 'Suite.OrderTests.Cancel', runner: 'nunit', candidates: 1 },
    });
  });

  it('the test that the thread itself goes on with, under what it calls', () => {
    const test = continued('Suite.OrderTests+<FailsLater>d__3');
    const thread = ['Shop.Orders.Divide(Int32, Int32)', ...test, 'System.Threading.ThreadPoolWorkQueue.Dispatch()'];
    expect(findTest(frozen([thread, NUNIT_WAITS], [tree('Load')]), 1)).toEqual({
      ...{ method: 'Suite.OrderTests.FailsLater', runner: 'nunit', candidates: 1 },
    });
    expect(runningTests(frozen([thread, NUNIT_WAITS]), suite)).toMatchObject([
      { method: 'Suite.OrderTests.FailsLater' },
    ]);
    // What has no attribute is no test.
    const helper = continued('Shop.Poller+<LoopAsync>d__1');
    expect(findTest(frozen([helper, NUNIT_WAITS]), 1)).toBeNull();
    expect(findTest(frozen([thread, NUNIT_WAITS]), 1, unknown)).toBeNull();
  });

  it('one of several, when several tests await the same method', () => {
    const thread = continued('Shop.Orders+<LoadAsync>d__2');
    const other = node('Suite.OrderTests.Other', node(`${MACHINE}<Shop.Orders+<LoadAsync>d__2>`));
    expect(findTest(frozen([thread], [below(tree('Load')), below(other)]), 1)).toMatchObject({ candidates: 2 });
  });

  it('what has no attribute of a test is none: a loop of the program, the platform itself', () => {
    const loop = node('Shop.Worker.LoopAsync', node('System.Threading.Tasks.Task+DelayPromise'));
    expect(findTest(frozen([NUNIT_WAITS], [loop, tree('Load')]))).toMatchObject({
      ...{ method: 'Suite.OrderTests.Load', candidates: 1 },
    });
    expect(findTest(frozen([NUNIT_WAITS], [loop]))).toBeNull();
  });

  it('without attributes: what the framework awaits, or the only method that a thread of it may wait for', () => {
    const loop = node('Shop.Worker.LoopAsync');
    expect(findTest(frozen([], [below(tree('Load')), loop]), 1, unknown)?.method).toBe('Suite.OrderTests.Load');
    expect(findTest(frozen([NUNIT_WAITS], [tree('Load')]), 1, unknown)?.method).toBe('Suite.OrderTests.Load');
    expect(findTest(frozen([NUNIT_WAITS], [tree('Load'), loop]), 1, unknown)).toBeNull();
    expect(findTest(frozen([['Shop.Worker.Loop()']], [tree('Load')]), 1, unknown)).toBeNull();
  });
});

it('on a thread of its own: the only test that runs, or one of several', () => {
  const worker = ['Shop.Worker.Loop()', 'System.Threading.Thread.StartCallback()'];
  const one = ['Suite.OrderTests.Waits()', ...NUNIT_TEST];
  const other = ['Suite.OrderTests.Polls()', ...NUNIT_TEST];
  expect(findTest(frozen([worker, one]), 1)).toMatchObject({ method: 'Suite.OrderTests.Waits', candidates: 1 });
  expect(findTest(frozen([worker, one, other]), 1)).toMatchObject({ candidates: 2 });
  expect(findTest(frozen([one]))).toMatchObject({ method: 'Suite.OrderTests.Waits', candidates: 1 });
  expect(findTest(frozen([worker]), 1)).toBeNull();
});
