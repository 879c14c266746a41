/** How a test framework shows in stacks and in trees of pending async methods. Names of NUnit 3.13 to 5, MSTest 2 to 4. */
export interface Framework {
  readonly runner: 'nunit' | 'mstest';
  /** Code of the framework, which calls tests by reflection. */
  readonly own: RegExp;
  /**
   * Its machinery that runs tests: what stands below it on the stack belongs to no test that still runs. The newest such frame
   * below a method that was called says what that method is …
   */
  readonly machinery: RegExp;
  /** … and this one says: a test, not a set-up. */
  readonly testCaller: RegExp;
  /** The async method that awaits an async test; undefined where a thread waits for it instead. */
  readonly awaiter?: RegExp;
  /** That thread's frame. */
  readonly waiter?: RegExp;
}

export const FRAMEWORKS: readonly Framework[] = [
  {
    runner: 'nunit',
    own: /^NUnit\./,
    machinery: /^NUnit\.Framework\.Internal\.(?:Commands|Execution)\./,
    testCaller: /^NUnit\.Framework\.Internal\.Commands\.TestMethodCommand[.+]/,
    waiter: /^NUnit\.Framework\.Internal\.AsyncToSyncAdapter\.Await/,
  },
  {
    runner: 'mstest',
    own: /^Microsoft\.VisualStudio\.Test/,
    machinery: /^Microsoft\.VisualStudio\.TestPlatform\.MSTest\.?\w*\.(?:TestAdapter\.)?Execution\./,
    testCaller: /\.Execution\.TestMethodInfo[.+]<?ExecuteInternal/,
    awaiter: /\.Execution\.TestMethodInfo\.ExecuteInternalAsync$/,
  },
];

/** A method called by reflection stands above one of these; the stubs are made after a few calls. */
export const REFLECTION = /^System\.(?:Reflection\.|RuntimeMethodHandle\.)|InvokeStub_/;
/** What is never a test, as the root of a tree of pending async methods. */
export const NO_TEST = /^(?:System|Microsoft|NUnit|Xunit|Internal)\./;
