import type { TestInfo, TestReports } from '@firstchance/protocol';
import { expect, it } from 'vitest';
import type { CircusEvent, CircusTest } from './circus.ts';
import { EventReports } from './event-reports.ts';

/** What the session is told, one line each. */
function follow(more: { project?: string; worker?: number } = {}) {
  const told: string[] = [];
  const infos: TestInfo[] = [];
  const reports = {
    begin: async (test: TestInfo, limitMs: number | null) => {
      told.push(`begin ${test.id} ${limitMs}`);
      infos.push(test);
    },
    late: async (id: string, reason: string) => void told.push(`late ${id}: ${reason}`),
    end: async (id: string, state: string) => {
      told.push(`end ${id} ${state}`);
      return [];
    },
  } as unknown as TestReports;
  const events = new EventReports(reports, { path: '/x/a.test.js', name: 'a.test.js', ...more });
  const state: { testTimeout: number; currentlyRunningTest: CircusTest | null } = {
    testTimeout: 5_000,
    currentlyRunningTest: null,
  };
  return { told, infos, state, tell: (event: CircusEvent) => events.handle(event, state) };
}

const root = { name: 'ROOT_DESCRIBE_BLOCK' };
const make = (name: string, more: Partial<CircusTest> = {}): CircusTest => ({
  ...{ name, parent: root, invocations: 1, errors: [], ...more },
});
const TIMEOUT = 'Exceeded timeout of 100 ms for a test.';

it('a test has the limit of whatever of it runs', async () => {
  const { told, state, tell } = follow();
  const parent = { ...root, hooks: [{ type: 'beforeEach' }, { type: 'afterEach' }] };
  const test = make('works', { timeout: 100, parent });
  state.currentlyRunningTest = test;
  const hook = { type: 'beforeEach', parent, timeout: 70 } as const;
  await tell({ name: 'test_start', test });
  await tell({ name: 'hook_start', hook });
  await tell({ name: 'hook_success', hook });
  await tell({ name: 'test_fn_start', test });
  await tell({ name: 'test_fn_success', test });
  await tell({ name: 'test_done', test });
  const id = 'a.test.js > works';
  expect(told).toEqual([
    ...[`begin ${id} null`, `begin ${id} 70`, `begin ${id} null`],
    ...[`begin ${id} 100`, `begin ${id} null`, `end ${id} passed`],
  ]);
});

it('a test without hooks is told twice: with its limit, and when it ends', async () => {
  const { told, tell } = follow();
  const test = make('works', { timeout: 100 });
  for (const name of ['test_start', 'test_fn_start', 'test_fn_success', 'test_done']) await tell({ name, test });
  expect(told).toEqual(['begin a.test.js > works 100', 'end a.test.js > works passed']);
});

it('a test is told with the project and the worker that run it; projects may share files', async () => {
  const { infos, tell } = follow({ project: 'node', worker: 1 });
  await tell({ name: 'test_fn_start', test: make('works') });
  expect(infos).toMatchObject([
    { id: '[node] > a.test.js > works', title: ['works'], file: 'a.test.js', project: 'node', worker: 1 },
  ]);
});

it('a test that timed out is captured before its hooks run', async () => {
  const { told, tell } = follow();
  const test = make('hangs', { errors: [[TIMEOUT, new Error()]] });
  await tell({ name: 'test_fn_failure', test, error: TIMEOUT });
  await tell({ name: 'test_done', test });
  expect(told[0]).toBe('late a.test.js > hangs: test hangs: Exceeded timeout of 100 ms for a test');
  expect(told.at(-1)).toBe('end a.test.js > hangs timed-out');
});

it('an ordinary failure is none', async () => {
  const { told, tell } = follow();
  const test = make('fails', { errors: [[new Error('expected 1'), new Error()]] });
  await tell({ name: 'test_fn_start', test });
  await tell({ name: 'test_fn_failure', test, error: new Error('expected 1') });
  await tell({ name: 'test_done', test });
  expect(told).toEqual([
    'begin a.test.js > fails 5000',
    'begin a.test.js > fails null',
    'end a.test.js > fails failed',
  ]);
});

it('hooks outside of tests are told as tests of their own', async () => {
  const { told, tell } = follow();
  const hook = { type: 'beforeAll', parent: { name: 'Cart', parent: root } } as const;
  await tell({ name: 'hook_start', hook });
  await tell({ name: 'hook_failure', hook, error: 'Exceeded timeout of 5000 ms for a hook.' });
  const id = 'a.test.js > Cart > beforeAll';
  expect(told).toEqual([
    `begin ${id} 5000`,
    `late ${id}: test Cart > beforeAll: Exceeded timeout of 5000 ms for a hook`,
    ...[`begin ${id} null`, `end ${id} timed-out`],
  ]);
});

it('retries and tests of one title have ids of their own', async () => {
  const { told, tell } = follow();
  const [first, second] = [make('twin'), make('twin')];
  const ends = () => told.filter((line) => line.startsWith('end'));
  for (const test of [first, second]) await tell({ name: 'test_done', test });
  expect(ends()).toEqual(['end a.test.js > twin passed', 'end a.test.js > twin [2] passed']);
  const again = make('again');
  await tell({ name: 'test_done', test: again });
  Object.assign(again, { invocations: 2 });
  await tell({ name: 'test_done', test: again });
  expect(ends().slice(-2)).toEqual(['end a.test.js > again passed', 'end a.test.js > again#2 passed']);
});

it('skipped tests and events of other things', async () => {
  const { told, tell } = follow();
  await tell({ name: 'run_start' });
  await tell({ name: 'test_skip', test: make('later') });
  expect(told).toEqual(['begin a.test.js > later null', 'end a.test.js > later skipped']);
});
