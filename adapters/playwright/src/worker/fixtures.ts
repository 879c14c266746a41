import { type SessionClient, type TestKit, TestReports } from '@firstchance/protocol';
import { test as base, type TestInfo } from '@playwright/test';
import { attachCaptures } from './attach-captures.ts';
import { connect, leaveSession, testKit } from './kit.ts';
import { Repetition } from './repetition.ts';
import { TestWatch } from './test-watch.ts';

/** What tests call: programs that are launched with it end with the test. */
export type Dotnet = Pick<TestKit, 'launch' | 'attach' | 'checkGrowth' | 'expectNoGrowth'>;

/** What this package's `test` adds. */
export interface DotnetFixtures {
  /** .NET programs under test. @example const shop = await dotnet.launch('dotnet', ['shop.dll'], { ready: /listening on (\S+)/ }) */
  dotnet: Dotnet;
}

/** Fixtures that work by themselves; their names are not for tests. */
interface OwnFixtures {
  firstchanceSession: SessionClient | undefined;
  firstchanceWatch: TestWatch | undefined;
  firstchanceTest: undefined;
}

/** Limit of what our own fixtures do, in ms: a large dump is written in less. None of it counts to the test. */
const OWN_MS = 120_000;
/** Also for beforeAll and afterAll. Playwright knows it, its types do not. */
const WITH_HOOKS = 'all-hooks-included' as unknown as true;

const watches = new WeakMap<TestInfo, TestWatch>();

export const test = base.extend<
  DotnetFixtures & Pick<OwnFixtures, 'firstchanceWatch' | 'firstchanceTest'>,
  Pick<OwnFixtures, 'firstchanceSession'>
>({
  firstchanceSession: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from it
    async ({}, use) => {
      const client = await connect().catch(() => undefined);
      await use(client);
      await leaveSession();
    },
    { scope: 'worker', auto: true, box: true, timeout: OWN_MS },
  ],
  firstchanceWatch: [
    async ({ firstchanceSession: client }, use, testInfo) => {
      await use(client && watchOf(client, testInfo));
    },
    { auto: WITH_HOOKS, box: true, timeout: OWN_MS },
  ],
  firstchanceTest: [
    async ({ firstchanceSession: client, firstchanceWatch: watch }, use, testInfo) => {
      const repetition = watch && Repetition.of(testInfo);
      if (repetition) watch.repeatWith((body) => repetition.run(body));
      await watch?.begin();
      await use(undefined);
      const captures = await watch?.end(repetition?.failure !== undefined);
      if (client && captures) await attachCaptures(client, testInfo, captures);
      if (repetition?.failure) throw repetition.failure;
    },
    { auto: true, box: true, timeout: OWN_MS },
  ],
  dotnet: async ({ firstchanceTest: _comes_first }, use) => {
    const kit = testKit();
    await use(kit);
    await kit.stopAll();
  },
});

function watchOf(client: SessionClient, testInfo: TestInfo): TestWatch {
  const present = watches.get(testInfo);
  if (present) return present;
  const watch = new TestWatch(new TestReports(client), testInfo);
  watch.follow();
  watches.set(testInfo, watch);
  return watch;
}
