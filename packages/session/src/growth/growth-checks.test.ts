import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { growthCheckSchema, type ManifestRecord } from '@firstchance/model';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Recorder } from '../records/recorder.ts';
import { type CheckRequest, GrowthChecks } from './growth-checks.ts';
import { CheckFailure } from './run/check-failure.ts';
import { SETTLE_MS } from './run/take-reading.ts';
import { FakeProgram } from './testing/fake-program.ts';

let folder: string;
let records: ManifestRecord[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'checks-'));
  records = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function checksOf(program: FakeProgram, engine: FakeProgram['engine'] | undefined = program.engine) {
  const recorder = new Recorder('s', { append: (record) => void records.push(record) }, () => {});
  const { namer, clock } = program;
  return new GrowthChecks({ recorder, sessionFolder: folder, namer, clock, engine: () => engine });
}

function run(program: FakeProgram, change: Partial<CheckRequest> = {}, engine?: FakeProgram['engine']) {
  return checksOf(program, engine).run({
    target: { pid: process.pid, name: 'Shop', runtime: '10.0.12' },
    operation: program.operation,
    plan: { mode: 'quick', seed: 7, idleMs: 4000, dose: 20 },
    ...{ collect: true, signal: new AbortController().signal, ...change },
  });
}

describe('a verdict', () => {
  it('PASS of a program that keeps nothing', async () => {
    const { check, code } = await run(new FakeProgram());
    expect(check.verdict).toBe('PASS');
    expect(code).toBe(0);
    expect(check.process).toMatchObject({ name: 'Shop' });
    expect(existsSync(join(folder, 'checks/0001'))).toBe(false);
  });

  it('LEAK with type, rate and what holds it', async () => {
    const program = new FakeProgram({ perOperation: 1 });
    const { check, code } = await run(program);
    expect(check.verdict).toBe('LEAK');
    expect(code).toBe(90);
    expect(check.growth[0]).toMatchObject({ type: 'Shop.Session', path: ['static Shop.Store.s_sessions'] });
    expect(check.growth[0]?.perOperation).toBeCloseTo(1, 1);
    expect(check.graphs).toMatchObject({ before: 'checks/0001/before/heap.fch', after: 'checks/0001/after/heap.fch' });
  });

  it('GROWS_WHILE_IDLE of one that grows with time', async () => {
    const { check, code } = await run(new FakeProgram({ perSecond: 200 }));
    expect(check.verdict).toBe('GROWS_WHILE_IDLE');
    expect(code).toBe(91);
  });

  it('counts native memory where no object shows it', async () => {
    const { check } = await run(new FakeProgram({ nativePerOperation: 4000 }), {
      plan: { mode: 'thorough', seed: 7, idleMs: 4000, dose: 100 },
    });
    expect(check.verdict).toBe('LEAK');
    expect(check.growth.map((growth) => growth.channel)).toContain('mallocBytes');
  });

  it('is written as the schema says, for nobody else to read, with a record that points at it', async () => {
    const { check, id } = await run(new FakeProgram({ perOperation: 1 }));
    const path = join(folder, `checks/${id}.json`);
    expect(growthCheckSchema.parse(JSON.parse(readFileSync(path, 'utf8')))).toMatchObject({ verdict: 'LEAK', seed: 7 });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'checks')).mode & 0o777).toBe(0o700);
    expect(records).toMatchObject([{ record: 'check', id, verdict: 'LEAK', path: `checks/${id}.json` }]);
    expect(check.rounds.length).toBeGreaterThan(12);
  });
});

it('names the operation that failed, also a single one', async () => {
  const program = new FakeProgram();
  const failing = {
    ...program.operation,
    run: async () => ({ done: 0, failed: 1, example: 'POST /run answered 500' }),
  };
  const ask = async (dose: number) =>
    (await run(program, { operation: failing, plan: { mode: 'quick', seed: 7, idleMs: 4000, dose } })).check.reason;
  expect(await ask(1)).toContain('Doing 1 operation on Shop (pid ');
  expect(await ask(20)).toMatch(/Doing \d\d operations on Shop/);
});

describe('who allocates what grows', () => {
  const frames = [{ method: 'Shop.Store.Open', modulePath: 'Shop.dll', token: 0x06000001, ilOffset: 0 }];
  function sampled(leaks: { perOperation?: number }) {
    const program = new FakeProgram(leaks);
    const asked: string[] = [];
    const sampling = {
      start: async () => void asked.push(`start after ${program.censuses.length} readings`),
      report: async () => {
        asked.push('report');
        const sites = [{ type: 'Shop.Session', samples: 5, bytes: 500_000, frames }];
        return { samples: 9, survivors: 5, full: false, complete: true, sites };
      },
      stop: async () => void asked.push('stop'),
    };
    const start = (change: Partial<CheckRequest> = {}) => run(program, change, { ...program.engine, sampling });
    return { asked, program, start };
  }

  it('is told of a leak, after the last reading', async () => {
    const { asked, program, start } = sampled({ perOperation: 1 });
    const phases = new Set<string>();
    const { check } = await start({ onProgress: ({ phase }) => void phases.add(phase) });
    expect(check.growth[0]).toMatchObject({ type: 'Shop.Session', owner: ['Shop.Store.Open'] });
    expect(asked).toEqual([`start after ${program.censuses.length} readings`, 'report']);
    expect([...phases].at(-1)).toBe('allocations');
    expect(check.operations).toBeLessThan(program.operations);
  });

  it('is not asked where nothing grows, or what grows is known, or nobody wants to know', async () => {
    const fine = sampled({});
    await fine.start();
    const known = sampled({ perOperation: 1 });
    await known.start({ accept: (check) => ({ ...check, verdict: 'PASS', growth: [] }) });
    const unwanted = sampled({ perOperation: 1 });
    const { check } = await unwanted.start({ allocations: false });
    await unwanted.start({ collect: false });
    expect(check.verdict).toBe('LEAK');
    expect([...fine.asked, ...known.asked, ...unwanted.asked]).toEqual([]);
  });
});

describe('measuring', () => {
  it('settles and collects before every reading, and writes a heap file only at the first measured one', async () => {
    const program = new FakeProgram();
    const { check } = await run(program);
    expect(program.collections).toBe(program.censuses.length);
    expect(program.waits.filter((ms) => ms === SETTLE_MS).length).toBeGreaterThanOrEqual(program.censuses.length);
    const first = check.rounds.findIndex((round) => round.phase === 'measure');
    const graphs = program.censuses.flatMap(({ graph }, index) => (graph ? [index] : []));
    expect(graphs).toEqual([first]);
  });

  it('does not collect when told not to, and says so', async () => {
    const program = new FakeProgram();
    const { check } = await run(program, { collect: false });
    expect(program.collections).toBe(0);
    expect(check.collected).toBe(false);
  });

  it('waits a minute for finalizers once: where one of them is blocked, no later reading waits as long', async () => {
    const program = new FakeProgram({ perOperation: 1 });
    const limits: number[] = [];
    program.onFinalizers = (limitMs) => {
      limits.push(limitMs);
      return 'timeout';
    };
    const { check } = await run(program);
    expect(check.verdict).toBe('LEAK');
    expect(check.notes).toEqual([
      expect.stringMatching(/^finalizers did not come to their end in 60 s: one of them waits/),
    ]);
    expect([limits[0], Math.max(...limits.slice(1))]).toEqual([60_000, 3_000]);
    const slow = new FakeProgram();
    const again: number[] = [];
    slow.onFinalizers = (limitMs) => (again.push(limitMs) === 2 ? 'timeout' : 'drained');
    await run(slow);
    expect(again.slice(0, 5)).toEqual([60_000, 60_000, 3_000, 60_000, 60_000]);
  });

  it('says which other processes of the program were not measured', async () => {
    const { check } = await run(new FakeProgram(), { notesAtEnd: () => ['not measured: "Shop --worker" (pid 7)'] });
    expect(check).toMatchObject({ verdict: 'PASS', notes: ['not measured: "Shop --worker" (pid 7)'] });
  });

  it('waits as long as a usual round in rounds without work', async () => {
    const program = new FakeProgram();
    const { check } = await run(program);
    const idle = check.rounds.filter((round) => round.phase === 'measure' && round.dose === 0);
    expect(idle.length).toBeGreaterThan(0);
    for (const round of idle) expect(round.durationMs).toBeGreaterThanOrEqual(20);
  });

  it('reads again what was not complete', async () => {
    const program = new FakeProgram();
    program.onCensus = () => (program.censuses.length === 3 ? { complete: false, why: 'two holes' } : undefined);
    const { check } = await run(program);
    expect(check.verdict).toBe('PASS');
    expect(program.censuses.length).toBe(check.rounds.length + 1);
  });

  it('goes on without a heap file when the disk is full, and says what is missing', async () => {
    const program = new FakeProgram({ perOperation: 1 });
    program.onCensus = ({ graph }) => {
      if (graph) throw Object.assign(new Error('full'), { code: 'disk-full', why: 'the disk is full' });
      return undefined;
    };
    const { check } = await run(program);
    expect(check.verdict).toBe('LEAK');
    expect(check.notes?.join()).toContain('the disk is full');
  });
});

describe('INFRASTRUCTURE_ERROR, never a pass', () => {
  const broken = async (program: FakeProgram, change: Partial<CheckRequest> = {}) => {
    const { check, code } = await run(program, change);
    expect(check.verdict).toBe('INFRASTRUCTURE_ERROR');
    expect(code).toBe(93);
    expect(growthCheckSchema.safeParse(check).error).toBeUndefined();
    return check;
  };

  it('when operations fail: how many, and what the first answered', async () => {
    const program = new FakeProgram();
    program.onDose = (count) => ({ done: count - 2, failed: 2, example: 'POST /run answered 500: out of stock' });
    const check = await broken(program);
    expect(check.reason).toMatch(/2 of \d+ failed: POST \/run answered 500: out of stock/);
  });

  it('when operations fail that follow the rest: that it was there', async () => {
    const program = new FakeProgram({ perOperation: 1 });
    program.onDose = (count) =>
      Math.max(0, ...program.waits) >= 4000 ? { done: 0, failed: count, example: 'the pool is empty' } : undefined;
    expect((await broken(program)).reason).toMatch(
      / in round \d+ \(after the rest\): \d+ of \d+ failed: the pool is empty/,
    );
  });

  it('when a reading stays incomplete', async () => {
    const program = new FakeProgram();
    program.onCensus = () => ({ complete: false, why: '3 segments could not be walked' });
    expect((await broken(program)).reason).toContain('3 segments could not be walked (3 attempts)');
  });

  it('when the process has no managed heap: what was tried, on what, what the engine answered, what to do', async () => {
    const program = new FakeProgram();
    program.onCollect = () => {
      throw Object.assign(new Error(), {
        code: 'not-dotnet',
        why: 'it runs no .NET',
        cure: 'firstchance ps lists those that do',
      });
    };
    const check = await broken(program);
    expect(check.reason).toBe(`Collecting garbage in Shop (pid ${process.pid}): it runs no .NET`);
    expect(check.cure).toMatch(/firstchance ps lists those that do; --no-gc/);
  });

  it('when there is no engine', async () => {
    const program = new FakeProgram();
    const finished = await checksOf(program, undefined).refuse(
      { name: 'x', plan: { mode: 'quick', seed: 1, idleMs: 1 }, collect: true },
      new CheckFailure('not-ready', { what: 'Waiting', why: 'it never listened' }),
    );
    expect(finished).toMatchObject({ code: 93, reason: 'Waiting: it never listened', id: '0001' });
    expect(readdirSync(join(folder, 'checks'))).toEqual(['0001.json']);
  });

  it('when the target ends in the middle: who started it says how', async () => {
    const program = new FakeProgram();
    const end = new AbortController();
    program.onDose = () => {
      if (program.operations > 100)
        end.abort(new CheckFailure('target-ended', { what: 'Checking', why: 'it ended with 7' }));
      return undefined;
    };
    const check = await broken(program, { signal: end.signal });
    expect(check.reason).toBe('Checking: it ended with 7');
    expect(check.rounds.length).toBeGreaterThan(0);
  });

  it('when cancelled', async () => {
    const stop = new AbortController();
    const program = new FakeProgram();
    program.onDose = () => void stop.abort(new Error('SIGINT')) as undefined;
    expect((await broken(program, { signal: stop.signal })).reason).toMatch(/it was cancelled: SIGINT/);
  });

  it('when it is cancelled before its first round', async () => {
    const { rounds, reason } = await broken(new FakeProgram(), { signal: AbortSignal.abort(new Error('SIGTERM')) });
    expect(rounds).toEqual([]);
    expect(reason).toMatch(/it was cancelled: SIGTERM/);
  });
});

it('numbers checks, also in a folder that holds some', async () => {
  const checks = checksOf(new FakeProgram());
  const failure = new CheckFailure('not-ready', { what: 'Waiting', why: 'no' });
  const request = { name: 'x', plan: { mode: 'quick', seed: 1, idleMs: 1 }, collect: true } as const;
  expect((await checks.refuse(request, failure)).id).toBe('0001');
  expect((await checks.refuse(request, failure)).id).toBe('0002');
  expect((await checksOf(new FakeProgram()).refuse(request, failure)).id).toBe('0003');
});

it('one at a time on one target: the second waits for the first', async () => {
  const [first, second] = [new FakeProgram(), new FakeProgram()];
  const order: string[] = [];
  first.onDose = () => void order.push('first') as undefined;
  second.onDose = () => void order.push('second') as undefined;
  await Promise.all([run(first), run(second)]);
  expect(order.lastIndexOf('first')).toBeLessThan(order.indexOf('second'));
});
