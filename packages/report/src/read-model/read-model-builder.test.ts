import type { CaptureRecord, ManifestRecord, TestRecord } from '@firstchance/model';
import { describe, expect, it } from 'vitest';
import { Best } from './best.ts';
import { joinPart } from './join-part.ts';
import type { ReadModel } from './read-model.ts';
import { LIMITS, NO_LIMITS, ReadModelBuilder } from './read-model-builder.ts';

const stamp = (session: string, second = 0) => ({
  ...{ schema: 1 as const, session },
  time: new Date(Date.UTC(2026, 10, 25, 10, 0, second)).toISOString(),
});

function test(session: string, id: string, state: TestRecord['state']): TestRecord {
  return {
    ...{ record: 'test', ...stamp(session), id, title: ['suite', id], file: null, line: null, runner: 'xunit' },
    ...{ attempt: 1, state, durationMs: 1 },
  };
}

function capture(session: string, id: string, kind: CaptureRecord['trigger']['kind']): CaptureRecord {
  return {
    ...{ record: 'capture', ...stamp(session), id, pid: 7, trigger: { kind, detail: '' }, test: null, thread: null },
    process: { name: 'app', commandLine: [], runtime: null, architecture: null },
    ...{ exception: null, pauseMs: 1, captureMethod: 'clone', gc: 'idle', dump: null, durationMs: 2 },
  };
}

/** One session with so many things of each kind. */
function session(name: string, size: number): ManifestRecord[] {
  const numbers = Array.from({ length: size }, (_, index) => index);
  return [
    { record: 'session', ...stamp(name), id: name, command: ['x'], versions: {}, platform: 'linux-x64' },
    ...numbers.map((index) => test(name, `${name}-${index}`, index % 3 === 2 ? 'failed' : 'passed')),
    ...numbers.map((index) => capture(name, `${index}-${name}`, index % 5 === 4 ? 'unhandled' : 'first-chance')),
    ...numbers.map((index): ManifestRecord => {
      const left = Array.from({ length: 20 }, (_, type) => ({
        ...{ type: `T${type}`, module: null, instances: 1, bytes: (index * 7919 + type) % 1000 },
      }));
      return {
        ...{ record: 'census', ...stamp(name, index), id: `${name}-c${index}`, testId: null, candidates: 1 },
        ...{ pauseMs: 1, left, channels: { managedBytes: index }, merged: [] },
      };
    }),
    ...numbers.map((index): ManifestRecord => {
      const verdict = index % 4 === 3 ? 'LEAK' : 'PASS';
      return {
        record: 'check',
        ...stamp(name),
        id: `${name}-k${index}`,
        verdict,
        reason: 'r',
        path: `checks/${index}`,
      };
    }),
    { record: 'skipped', ...stamp(name), trigger: 'exit', exceptionType: null, why: 'busy', count: size },
    {
      ...{ record: 'end', ...stamp(name), exitCode: name === 's1' ? 91 : 0, verdict: 'LEAK', reason: `${name} ended` },
      ...{ captures: size, checks: size, problems: 0 },
    },
  ];
}

function build(parts: readonly (readonly ManifestRecord[])[], limits = LIMITS): ReadModel {
  const builder = new ReadModelBuilder(limits);
  const source = { detail: () => null, check: () => null };
  for (const records of parts) builder.add(joinPart({ records, ...source }), ['one']);
  return builder.model();
}

const plain = (model: ReadModel) => JSON.parse(JSON.stringify(model)) as ReadModel;

describe('a session in parts', () => {
  const parts = ['s0', 's1', 's2'].map((name) => session(name, 15));

  it('is the same as in one', () => {
    const { unreadable, totals, ...joined } = plain(build(parts));
    const { unreadable: _u, totals: _t, ...whole } = plain(build([parts.flat()]));
    expect(joined).toEqual(whole);
    expect(unreadable).toEqual(['one', 'one', 'one']);
    expect(totals).toMatchObject({ tests: 45, failedTests: 15, captures: 45, checks: 45, notPassed: 9, ledger: 45 });
  });

  it('keeps what matters most when there is too much, and counts all', () => {
    const small = { ...LIMITS, captures: 9, tests: 20, checks: 9, ledger: 5, memory: 4, unreadable: 1, types: 3 };
    const few = build(parts, small);
    const all = build(parts, NO_LIMITS);
    expect(few.totals).toEqual(all.totals);
    expect(few.captures.map(({ record }) => record.id)).toEqual(
      all.captures.slice(0, 9).map(({ record }) => record.id),
    );
    expect(few.captures.every(({ record }) => record.trigger.kind === 'unhandled')).toBe(true);
    expect(few.checks.every(({ record }) => record.verdict === 'LEAK')).toBe(true);
    expect(few.ledger.map(({ id, bytes }) => [id, bytes])).toEqual(
      all.ledger.slice(0, 5).map(({ id, bytes }) => [id, bytes]),
    );
    expect(few.ledger[0]?.left).toEqual(all.ledger[0]?.left.slice(0, 3));
    const states = few.tests.map(({ record }) => record.state);
    expect([states.length, states.filter((state) => state === 'failed').length]).toEqual([20, 15]);
    const order = all.tests.map(({ record }) => record.id);
    const places = few.tests.map(({ record }) => order.indexOf(record.id));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect([few.memory[0], few.memory.at(-1)]).toEqual([all.memory[0], all.memory.at(-1)]);
    expect(few.memory).toHaveLength(4);
    expect(few.unreadable).toEqual(['one']);
    expect(few.outcome).toEqual({ exitCode: 91, verdict: 'LEAK', reason: 's1 ended' });
  });

  it('does not hold a part by what is kept of it', () => {
    const builder = new ReadModelBuilder({ ...LIMITS, captures: 1 });
    const read: string[] = [];
    const detail = (id: string) => {
      read.push(id);
      return null;
    };
    const source = { check: () => null, detail };
    for (const records of parts) builder.add(joinPart({ records, ...source }));
    builder.model().captures[0]?.detail();
    expect(read).toEqual(['14-s0']);
  });
});

it('the best of a long sequence are those that sorting would give, equal ones as they came', () => {
  const values = Array.from({ length: 3000 }, (_, index) => ({ rank: (index * 7919) % 50, index }));
  const best = new Best<(typeof values)[number]>(70, (a, b) => a.rank - b.rank);
  for (const value of values) best.add(value);
  expect(best.list()).toEqual([...values].sort((a, b) => a.rank - b.rank).slice(0, 70));
  expect(best.total).toBe(3000);
});

it('a cure names us as it can be typed where a report is read', () => {
  const problem = { what: 'a', where: '', why: 'b', cure: 'run: firstchance doctor' };
  const { problems } = build([[{ record: 'problem', ...stamp('s0'), ...problem }]]);
  expect(problems.map(({ cure }) => cure)).toEqual(['run: npx firstchance doctor']);
});
