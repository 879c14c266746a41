import type { CensusRecord, ManifestRecord, TypeInfo } from '@firstchance/model';
import { beforeEach, expect, it } from 'vitest';
import { FakeProgram } from '../growth/testing/fake-program.ts';
import { Recorder } from '../records/recorder.ts';
import { Ledger } from './ledger.ts';
import { leftBehind } from './left-behind.ts';
import { TimeShare } from './time-share.ts';

const type = (name: string, instances: number, bytes = instances * 10): TypeInfo => ({
  ...{ type: name, module: 'Shop.dll', instances, bytes },
});
let records: ManifestRecord[];
let heap: TypeInfo[];
let now: number;
let program: FakeProgram;
/** What a reading costs, in ms. */
let cost: number;
beforeEach(() => {
  records = [];
  heap = [type('Shop.Cart', 5)];
  now = 0;
  cost = 10;
  program = new FakeProgram();
  program.onCensus = () => {
    now += cost;
    return { types: [...heap] };
  };
});
const ledger = (budgetBytes?: number) =>
  new Ledger({
    recorder: new Recorder('s', { append: (record) => void records.push(record) }, () => {}),
    ...{ engine: () => program.engine, running: () => 0, budgetBytes, now: () => now },
  });
const censuses = () => records.filter((record): record is CensusRecord => record.record === 'census');
const settled = () => new Promise((resolve) => setImmediate(resolve));

it('tells what each test left behind', async () => {
  const book = ledger();
  book.testStarted(7);
  await settled();
  heap = [type('Shop.Cart', 8), type('Shop.Session', 2)];
  now += 1000;
  book.testEnded({ id: 'A', pid: 7 });
  await settled();
  now += 1000;
  book.testEnded({ id: 'B', pid: 7 });
  await book.close();
  expect(censuses()).toMatchObject([
    { testId: 'A', candidates: 1, merged: [], left: [type('Shop.Cart', 3), type('Shop.Session', 2)] },
    { testId: 'B', left: [] },
  ]);
});

it('stays within a tenth of the time: tests it cannot afford share the next reading, which names them', async () => {
  cost = 100;
  const book = ledger();
  book.testStarted(7);
  for (let test = 1; test <= 100; test += 1) {
    await settled();
    now += 50;
    book.testEnded({ id: `T${test}`, pid: 7 });
  }
  await book.close();
  expect(program.censuses.length * cost).toBeLessThanOrEqual(0.1 * now + 2 * cost);
  const named = censuses().flatMap(({ testId, merged }) => [...merged, testId]);
  expect(named).toEqual(named.map((_, index) => `T${index + 1}`));
  expect(censuses().some(({ merged, candidates }) => merged.length > 5 && candidates === merged.length + 1)).toBe(true);
});

it('reads what the last tests of a process left before it is ended, whatever that takes', async () => {
  cost = 1000;
  const book = ledger();
  await book.testStarted(7);
  heap = [type('Shop.Cart', 8)];
  await book.testEnded({ id: 'A', pid: 7 });
  heap = [type('Shop.Cart', 9)];
  // Beyond its share by now: it waits for the next reading.
  await book.testEnded({ id: 'B', name: 'shop > B', pid: 7 });
  expect(censuses().map(({ testId }) => testId)).toEqual(['A']);
  await book.lastOf(7);
  await book.lastOf(8);
  expect(censuses().map(({ testId, left }) => [testId, left[0]?.instances])).toEqual([
    ['A', 3],
    ['B', 1],
  ]);
  await book.close();
  expect(book.unread).toBe(0);
});

it('fails a test that leaves more than its budget', async () => {
  const book = ledger(100);
  book.testStarted(7);
  await settled();
  heap = [type('Shop.Cart', 5), type('Shop.Session', 1, 5000)];
  book.testEnded({ id: 'A', pid: 7 });
  await book.close();
  expect(book.outcomes).toEqual([
    { verdict: 'LEAK', code: 90, reason: 'test A left 5.0 kB behind, 100 B are allowed (--ledger-budget)' },
  ]);
});

it('says which tests it could not read, and takes no reading with holes for one', async () => {
  const book = ledger();
  book.testStarted(7);
  await settled();
  program.onCensus = () => ({ complete: false, why: 'holes' });
  book.testEnded({ id: 'A', pid: 7 });
  await settled();
  program.onCensus = () => {
    throw Object.assign(new Error(), { code: 'target-gone' });
  };
  book.testEnded({ id: 'B', pid: 7 });
  await book.close();
  expect(censuses()).toEqual([]);
  expect(records).toMatchObject([{ record: 'problem', what: '2 tests are not in the ledger' }]);
});

it('says so of tests that ended while the first reading was held up, as by a capture: nothing is known of them', async () => {
  const book = ledger();
  const started = book.testStarted(7);
  const ended = [book.testEnded({ id: 'A', pid: 7 }), book.testEnded({ id: 'B', pid: 7 })];
  await Promise.all([started, ...ended]);
  await book.close();
  expect(censuses()).toEqual([]);
  expect(records).toMatchObject([{ record: 'problem', what: '2 tests are not in the ledger' }]);
});

it('counts a type that was loaded twice as one, and nothing that became fewer', () => {
  expect(leftBehind([type('A', 3), type('B', 2)], [type('A', 2), type('A', 2), type('B', 1)])).toEqual([type('A', 1)]);
});

it('a share of the time', () => {
  const share = new TimeShare(0.1, 0);
  expect(share.affords(0)).toBe(true);
  share.spent(100);
  expect(share.affords(0)).toBe(true);
  share.spent(100);
  expect(share.affords(2999)).toBe(false);
  expect(share.affords(3000)).toBe(true);
});

it('compares no process with the one that had its id before; tests that were not read by then are counted', async () => {
  const book = ledger();
  await book.testStarted(7);
  book.processEnded(7);
  heap = [type('Other.Thing', 900)];
  await book.testStarted(7);
  now += 1000;
  await book.testEnded({ id: 'B', pid: 7 });
  expect(censuses()).toMatchObject([{ testId: 'B', merged: [], left: [] }]);
  await book.close();
  expect(book.unread).toBe(0);
});

it('counts a test whose process was gone before it was read', async () => {
  const book = ledger();
  await book.testStarted(7);
  program.onCensus = () => {
    throw Object.assign(new Error('it is gone'), { code: 'target-gone' });
  };
  const ended = book.testEnded({ id: 'A', pid: 7 });
  book.processEnded(7);
  await ended;
  await book.close();
  expect(book.unread).toBe(1);
  expect(book.toldOfTests).toBe(true);
});
