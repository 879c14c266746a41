import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findSocket } from '../client/find-socket.ts';
import { TestJournal } from '../client/test-journal.ts';
import { TestReports } from '../client/test-reports.ts';
import type { JournalEntry } from '../wire/journal.ts';
import { monotonicMs } from '../wire/monotonic.ts';
import { JournalReader } from './journal-reader.ts';
import { Served, TEST } from './testing/served.ts';

const begin = (id: string) => ({ method: 'test/begin', params: { test: { ...TEST, id }, deadlineMs: null } }) as const;
const end = (testId: string) => ({ method: 'test/end', params: { testId, state: 'passed' } }) as const;
const nameOf = ({ method, params }: JournalEntry) => `${method} ${'test' in params ? params.test.id : params.testId}`;

describe('the file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'journal-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function pair(handled = 1) {
    const journal = TestJournal.open(folder) as TestJournal;
    const told: string[] = [];
    const reader = JournalReader.open(folder, journal.name, handled, (entry) => told.push(nameOf(entry)));
    return { journal, reader: reader as JournalReader, told };
  }

  it('is read in the order of all that the worker tells, by whichever way', () => {
    const { journal, reader, told } = pair();
    journal.tell(begin('a'), 1);
    // The second message was sent here: it is not handled yet.
    journal.tell(end('a'), 2);
    journal.tell(begin('b'), 2);
    reader.read();
    expect(told).toEqual(['test/begin a']);
    reader.before(2);
    expect(told).toEqual(['test/begin a']);
    reader.read();
    expect(told).toEqual(['test/begin a', 'test/end a', 'test/begin b']);
    reader[Symbol.dispose]();
  });

  it('is private, loses its name at once, and is read to its end', () => {
    const { journal, reader, told } = pair();
    expect(readdirSync(folder)).toEqual([]);
    for (let index = 0; index < 2_000; index += 1) expect(journal.tell(begin(`ä${index}`), 1)).toBe(true);
    reader[Symbol.dispose]();
    expect(told).toHaveLength(2_000);
    expect(told.at(-1)).toBe('test/begin ä1999');
  });

  it('holds what is no entry without harm', () => {
    const journal = TestJournal.open(folder) as TestJournal;
    const lines = [
      '',
      '{',
      '{"method":"session/close","at":1,"after":0,"params":{}}',
      `{"at":"x"}`,
      'x'.repeat(100_000),
    ];
    appendFileSync(join(folder, journal.name), `${lines.join('\n')}\n`);
    journal.tell(begin('a'), 1);
    const told: string[] = [];
    using reader = JournalReader.open(folder, journal.name, 1, (entry) => told.push(nameOf(entry))) as JournalReader;
    reader.read();
    expect(told).toEqual(['test/begin a']);
  });

  it('has times that are neither before the worker nor in the future', () => {
    const journal = TestJournal.open(folder) as TestJournal;
    const wrong = [0, monotonicMs() + 1e9].map((at) => JSON.stringify({ at, after: 1, ...begin('a') }));
    appendFileSync(join(folder, journal.name), `${wrong.join('\n')}\n`);
    const times: number[] = [];
    const opened = performance.now();
    using reader = JournalReader.open(folder, journal.name, 1, ({ at }) => times.push(at)) as JournalReader;
    reader.read();
    expect(times).toHaveLength(2);
    // Two clocks were read one after the other.
    for (const time of times) expect(Math.abs(time - opened)).toBeLessThan(performance.now() - opened + 1);
  });

  it('is refused outside of the folder, and where there is none the worker does without', () => {
    expect(JournalReader.open(folder, '../x', 1, () => {})).toBeUndefined();
    expect(JournalReader.open(folder, 'journal-none', 1, () => {})).toBeUndefined();
    expect(TestJournal.open(join(folder, 'none'))).toBeUndefined();
  });

  it('that takes no more says so, for good', () => {
    const { journal, reader } = pair();
    journal[Symbol.dispose]();
    expect([journal.tell(begin('a'), 1), journal.tell(end('a'), 1)]).toEqual([false, false]);
    reader[Symbol.dispose]();
  });
});

describe('a session', () => {
  let served: Served;
  beforeEach(async () => {
    served = await new Served().start();
    served.engine.listener.agentConnected({ pid: process.pid, how: 'startup', runtime: '10.0.12' });
  });
  afterEach(async () => {
    await served[Symbol.asyncDispose]();
  });

  it('looks into it before it ties anything to a test', async () => {
    const reports = new TestReports(await served.connect());
    await reports.begin(TEST, 60_000);
    await served.engine.throws('System.Exception');
    await expect.poll(() => served.of('capture')).toMatchObject([{ test: { id: 't1', candidates: 1 } }]);
    // No file of it is left for others to see.
    expect(readdirSync(dirname(findSocket(served.folder))).filter((name) => name.startsWith('journal'))).toEqual([]);
  });

  it('keeps deadlines from the time that the worker noted, and those that were moved', async () => {
    const reports = new TestReports(await served.connect());
    await reports.begin(TEST, 400);
    await reports.begin(TEST, 60_000);
    await reports.begin({ ...TEST, id: 't2' }, 400);
    await expect.poll(() => served.of('capture').length, { timeout: 10_000 }).toBe(1);
    expect(served.of('capture')).toMatchObject([{ test: { id: 't2' } }]);
  });

  it('hears what a worker noted last when its connection is gone', async () => {
    await using quiet = await new Served().start({ firstChance: false });
    const worker = await quiet.connect();
    await worker.note('test/begin', { test: TEST, deadlineMs: null });
    await worker.note('test/end', { testId: 't1', state: 'passed' });
    await worker[Symbol.asyncDispose]();
    await expect.poll(() => quiet.of('test').map(({ state }) => state)).toEqual(['started', 'passed']);
  });
});
