import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import type { ManifestRecord } from '@firstchance/model';
import { expect, it } from 'vitest';
import { Recorder } from '../records/recorder.ts';
import { TestMethods } from './frames/test-methods.ts';
import { TestWatch } from './test-watch.ts';

it('a process that stands still is read before it is ended for that, with the test that hung', async () => {
  const child = spawn('sleep', ['600'], { stdio: 'ignore' });
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  const records: ManifestRecord[] = [];
  const ended: string[] = [];
  const read: { ended: string[]; alive: boolean }[] = [];
  const sink = { append: () => {}, [Symbol.dispose]: () => {} };
  using watch = new TestWatch({
    recorder: new Recorder('s', sink, (record) => void records.push(record)),
    options: { perTestDeadlineMs: 20, onHang: 'end' },
    onStarted: () => {},
    onEnded: ({ name, outcome }) => void ended.push(`${name} ${outcome}`),
    deadline: async () => [],
    methods: new TestMethods({} as never),
    look: async () => undefined,
    nameOf: () => 'testhost',
    lastOf: async () => void read.push({ ended: [...ended], alive: child.signalCode === null }),
  });
  watch.tracker.started(pid, 'Suite.Hangs');
  await once(child, 'exit');
  watch.processEnded(pid);
  expect(read).toEqual([{ ended: ['Suite.Hangs timed-out'], alive: true }]);
  expect(ended).toEqual(['Suite.Hangs timed-out']);
  expect(records.filter(({ record }) => record === 'test')).toMatchObject([
    { state: 'started' },
    { state: 'timed-out' },
  ]);
});

const standing = (method: string) =>
  ({ threads: [{ osId: 1, stack: [{ method }] }], awaiting: [], modules: [] }) as never;

it('a process that has run a test and then runs none is captured, not ended; not one that has gone, nor one without own code', async () => {
  const records: ManifestRecord[] = [];
  const asked: unknown[] = [];
  const sink = { append: () => {}, [Symbol.dispose]: () => {} };
  const told = new EventEmitter();
  using watch = new TestWatch({
    recorder: new Recorder('s', sink, (record) => {
      records.push(record);
      if (record.record === 'problem') told.emit(record.where);
    }),
    options: { perTestDeadlineMs: 10, onHang: 'end' },
    ...{ onStarted: () => {}, onEnded: () => {}, nameOf: () => 'testhost', lastOf: async () => {} },
    deadline: async (trigger, pid, test) => {
      asked.push([trigger.detail, pid, test]);
      return [{ id: '0001-deadline' } as never];
    },
    methods: new TestMethods({} as never),
    look: async (pid) =>
      pid === 9 ? undefined : standing(pid === 7 ? 'Suite.Passes.Dispose()' : 'System.Threading.Monitor.Wait()'),
  });
  watch.tracker.started(6, 'Suite.Gone');
  watch.processEnded(6);
  watch.tracker.started(8, 'Suite.Last');
  watch.tracker.ended(8, 'Suite.Last', 'passed');
  watch.tracker.started(9, 'Suite.Looked');
  watch.tracker.ended(9, 'Suite.Looked', 'passed');
  watch.tracker.started(7, 'Suite.Passes');
  watch.tracker.ended(7, 'Suite.Passes', 'passed');
  await Promise.all([once(told, 'testhost (pid 7)'), once(told, 'testhost (pid 9)')]);
  expect(new Set(asked)).toEqual(
    new Set([
      ['no test has run for 20 ms', 9, undefined],
      ['no test has run for 20 ms', 7, undefined],
    ]),
  );
  const why = expect.stringMatching(/tear-down may hang: 0001-deadline has the place; the process was left running/);
  const problems = records.filter(({ record }) => record === 'problem');
  expect(problems).toHaveLength(2);
  for (const problem of problems) expect(problem).toMatchObject({ what: 'no test has run for 20 ms', why });
});
