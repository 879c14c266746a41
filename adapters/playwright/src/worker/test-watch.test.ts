import type { TestReports } from '@firstchance/protocol';
import type { TestInfo } from '@playwright/test';
import { beforeEach, expect, it } from 'vitest';
import { TestWatch } from './test-watch.ts';
import type { Runnable, TimeKeeper } from './time-keeper.ts';

/* Against a time keeper of our own; test/runners runs the real ones. */

type Slot = { timeout: number; elapsed: number };

class Keeper implements TimeKeeper {
  readonly slot: Slot = { timeout: 5_000, elapsed: 0 };
  async withRunnable(runnable: Runnable | undefined, work: () => Promise<unknown>): Promise<unknown> {
    if (runnable) this._updateTimeout({ runnable, slot: this.slotOf(runnable) });
    return await work();
  }
  _updateTimeout(_running: unknown): void {}
  isTimeExhaustedFor(runnable: Runnable): boolean {
    return this.slotOf(runnable).elapsed >= this.slotOf(runnable).timeout;
  }
  defaultSlot(): Slot {
    return this.slot;
  }
  slotOf(runnable: Runnable): Slot {
    return runnable.fixture?.slot ?? runnable.slot ?? this.slot;
  }
}

let said: string[];
let keeper: Keeper;
let watch: TestWatch;
const test = { testId: 't', titlePath: ['a.spec.ts', 'hangs'], file: '/a.spec.ts', line: 1, retry: 0, timeout: 5_000 };
beforeEach(() => {
  said = [];
  keeper = new Keeper();
  const reports = {
    begin: async ({ id }: { id: string }, limit: number | null) =>
      void said.push(`${id} ${limit === null ? 'no limit' : limit / 1_000}`),
    late: async (id: string, why: string) => void said.push(`${id} late: ${why}`),
    end: async (id: string, state: string) => {
      said.push(`${id} ${state}`);
      return [];
    },
  } as unknown as TestReports;
  const info = { ...test, ...{ config: { rootDir: '/' }, project: { name: '' }, workerIndex: 0, status: 'passed' } };
  const playwright = { ...info, expectedStatus: 'passed', _timeoutManager: keeper } as unknown as TestInfo;
  watch = new TestWatch(reports, playwright, () => 1_000);
  expect(watch.follow()).toBe(true);
});
const run = (runnable: Runnable, work = async (): Promise<unknown> => undefined) =>
  keeper.withRunnable(runnable, work).catch((error: Error) => error.message);

it('tells each limit of a test once, and none of our own fixtures', async () => {
  await watch.begin();
  await run({ type: 'test', fixture: { title: 'page' } });
  await run({ type: 'test', fixture: { title: 'firstchanceTest', slot: { timeout: 1, elapsed: 0 } } });
  await run({ type: 'test', fixture: { title: 'slow', slot: { timeout: 60_000, elapsed: 0 } } });
  await run({ type: 'test' });
  await run({ type: 'afterEach', slot: { timeout: 0, elapsed: 0 } });
  await watch.end();
  await run({ type: 'test' });
  expect(said).toEqual(['t 5', 't 60', 't 5', 't no limit', 't passed']);
});

it('tells a limit that changes while it runs', async () => {
  await watch.begin();
  await run({ type: 'test' }, async () => {
    keeper.slot.timeout = 90_000;
    keeper._updateTimeout({ runnable: { type: 'test' }, slot: keeper.slot });
  });
  expect(said).toEqual(['t 5', 't 90']);
});

it('waits for the captures when Playwright gives up, and lets its error through', async () => {
  await watch.begin();
  const error = await run({ type: 'beforeEach' }, async () => {
    keeper.slot.elapsed = 5_000;
    throw new Error('\u001b[31mTest timeout of 5000ms exceeded.\u001b[39m\nmore');
  });
  expect(error).toContain('more');
  expect(said.slice(1)).toEqual(['t late: test hangs: Test timeout of 5000ms exceeded.', 't no limit']);
});

it('what fails in time is no timeout', async () => {
  await watch.begin();
  expect(await run({ type: 'test' }, async () => Promise.reject(new Error('expected 1')))).toBe('expected 1');
  expect(said).toEqual(['t 5']);
});

it('hooks of suites are tests of their own', async () => {
  const slot = { timeout: 9_000, elapsed: 0 };
  await run({ type: 'beforeAll', slot, fixture: { title: 'page' } });
  await run({ type: 'beforeAll', slot });
  await watch.begin();
  await watch.end();
  await run({ type: 'afterAll', slot }, async () => {
    slot.elapsed = 9_000;
    throw new Error('"afterAll" hook timeout of 9000ms exceeded.');
  });
  expect(said).toEqual([
    ...['t beforeAll 9', 't beforeAll passed', 't 5', 't passed', 't afterAll 9'],
    't afterAll late: test afterAll: "afterAll" hook timeout of 9000ms exceeded.',
    't afterAll timed-out',
  ]);
});

it('a Playwright that keeps time in another way is left alone', () => {
  const reports = {} as TestReports;
  expect(new TestWatch(reports, { _timeoutManager: { withRunnable: 1 } } as unknown as TestInfo).follow()).toBe(false);
  expect(new TestWatch(reports, {} as TestInfo).follow()).toBe(false);
});
