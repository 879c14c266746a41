import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { openFixture } from './testing/session-fixture.ts';

const TYPE = 'System.InvalidOperationException';
const refused = (code: string, why = 'ptrace answered EPERM') =>
  Object.assign(new Error(why), { code, why, cure: 'allow it' });

describe('captures agents ask for', () => {
  it('are kept with source lines, private files and one line in the manifest', async () => {
    await using fixture = await openFixture();
    await fixture.engine.throws(TYPE);
    await fixture.session.close();
    const [capture] = fixture.of('capture');
    expect(capture).toMatchObject({
      id: '0001-first-chance-InvalidOperationException',
      trigger: { kind: 'first-chance' },
      thread: { osId: 11, name: 'Main' },
      exception: { type: TYPE, stack: [{ method: 'Shop.Cart.Add(System.Int32)', file: 'Cart.cs', line: 40 }] },
      dump: { path: 'captures/0001-first-chance-InvalidOperationException/dump.core.zst', bytes: 100 },
    });
    expect(capture).not.toHaveProperty('threads');
    const folder = join(fixture.folder, 'captures', capture?.id ?? '');
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const file of readdirSync(folder)) expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    const detail = JSON.parse(readFileSync(join(folder, 'capture.json'), 'utf8'));
    expect(detail).toMatchObject({ id: capture?.id, threads: [{ osId: 11 }], modules: [], awaiting: [] });
    expect(readFileSync(join(fixture.folder, 'manifest.jsonl'), 'utf8').trim().split('\n')).toHaveLength(
      fixture.records.length,
    );
  });

  it('come in order: session first, end last, the end waits for what is under way', async () => {
    await using fixture = await openFixture();
    const release = fixture.engine.hold();
    await fixture.engine.throws('A');
    await fixture.engine.throws('B');
    const closing = fixture.session.close();
    expect(fixture.of('end')).toEqual([]);
    release();
    await closing;
    expect(fixture.records.map((record) => record.record)).toEqual(['session', 'capture', 'capture', 'end']);
    expect(fixture.of('end')[0]).toMatchObject({ exitCode: 0, captures: 2, problems: 0 });
    expect(fixture.engine.closed).toBe(true);
    expect(existsSync(fixture.session.privateFolder.path)).toBe(false);
  });

  it('end once, whoever asks for it meanwhile', async () => {
    await using fixture = await openFixture();
    const release = fixture.engine.hold();
    await fixture.engine.throws('A');
    const [one, two] = [fixture.session.close(3), fixture.session.close(0, undefined, 'the owner is gone')];
    release();
    expect(await one).toBe(await two);
    expect(fixture.of('end')).toMatchObject([{ exitCode: 3, captures: 1 }]);
    expect(fixture.of('problem')).toEqual([]);
  });

  it('are kept when they were asked for just before the end', async () => {
    await using fixture = await openFixture();
    fixture.engine.lastWords = () => fixture.engine.throws(TYPE);
    await fixture.session.close(139);
    expect(fixture.of('capture')).toHaveLength(1);
    expect(fixture.of('skipped')).toEqual([]);
  });

  it('stop at the limit: the rest is counted, and the agents are told to be quiet', async () => {
    await using fixture = await openFixture({ count: 2 });
    const decisions = [];
    for (let i = 0; i < 5; i += 1) decisions.push((await fixture.engine.throws(TYPE)).action);
    await fixture.session.close();
    expect(decisions).toEqual(['keep', 'keep', 'drop', 'drop', 'drop']);
    expect(fixture.of('skipped')).toMatchObject([{ why: 'per-session', exceptionType: TYPE, count: 3 }]);
    expect(fixture.engine.filters.map((filter) => filter.firstChance)).toEqual([true, false]);
  });

  it('fail alone: the folder goes, the place is free again, the manifest says why', async () => {
    await using fixture = await openFixture({ count: 1 });
    await fixture.engine.throws(TYPE, { error: refused('disk-full', 'the disk is full') });
    expect(readdirSync(join(fixture.folder, 'captures'))).toEqual([]);
    expect((await fixture.engine.throws(TYPE)).action).toBe('keep');
    await fixture.session.close();
    expect(fixture.of('problem')).toMatchObject([{ why: 'the disk is full', cure: 'allow it' }]);
    expect(fixture.of('capture')).toMatchObject([{ id: '0002-first-chance-InvalidOperationException' }]);
    expect(fixture.engine.filters.map((filter) => filter.firstChance).at(-1)).toBe(false);
  });

  it('lose their dump, not their facts, when the session would grow too large', async () => {
    await using fixture = await openFixture({ maxDiskBytes: 250, count: 0 });
    const release = fixture.engine.hold();
    for (let i = 0; i < 3; i += 1) await fixture.engine.throws(TYPE);
    release();
    expect((await fixture.engine.throws(TYPE)).action).toBe('drop');
    await fixture.session.close();
    expect(fixture.of('capture').map((capture) => capture.dump?.bytes ?? null)).toEqual([100, 100, null]);
    expect(
      existsSync(join(fixture.folder, 'captures', '0003-first-chance-InvalidOperationException', 'dump.core.zst')),
    ).toBe(false);
    expect(fixture.of('skipped').reduce((sum, record) => sum + record.count, 0)).toBe(2);
  });
});

describe('tests', () => {
  it('decide which captures stay: those of a passed test go', async () => {
    await using fixture = await openFixture({ count: 1 });
    const test = (name: string, state: 'started' | 'passed' | 'failed') =>
      fixture.engine.listener.test({ pid: process.pid, threadId: 1, state, name });
    test('Passes', 'started');
    await fixture.engine.throws('A', { test: 'Passes' });
    test('Passes', 'passed');
    await expect.poll(() => fixture.of('result').length).toBe(1);
    test('Fails', 'started');
    expect((await fixture.engine.throws('B', { test: 'Fails' })).action).toBe('keep');
    test('Fails', 'failed');
    await fixture.session.close();
    expect(fixture.of('result').map(({ captureId, kept, testState }) => ({ captureId, kept, testState }))).toEqual([
      { captureId: '0001-first-chance-A', kept: false, testState: 'passed' },
      { captureId: '0002-first-chance-B', kept: true, testState: 'failed' },
    ]);
    expect(readdirSync(join(fixture.folder, 'captures'))).toEqual(['0002-first-chance-B']);
    expect(fixture.of('test').map((record) => `${record.id} ${record.state}`)).toEqual([
      ...['Passes started', 'Passes passed', 'Fails started', 'Fails failed'],
    ]);
    expect(fixture.of('end')[0]?.captures).toBe(1);
  });

  it('decide also when the test ends before its capture is written', async () => {
    await using fixture = await openFixture();
    const release = fixture.engine.hold();
    fixture.engine.listener.test({ pid: process.pid, threadId: 1, state: 'started', name: 'T' });
    await fixture.engine.throws('A', { test: 'T' });
    fixture.engine.listener.test({ pid: process.pid, threadId: 1, state: 'passed', name: 'T' });
    release();
    await fixture.session.close();
    expect(fixture.of('result')).toMatchObject([{ kept: false }]);
  });

  it.each([
    ['with --keep all', { keep: 'all' as const }, ['T']],
    ['when another test might be meant', {}, ['T', 'Other']],
  ])('remove nothing %s', async (_name, options, running) => {
    await using fixture = await openFixture(options);
    for (const name of running) fixture.engine.listener.test({ pid: process.pid, threadId: 1, state: 'started', name });
    await fixture.engine.throws('A');
    for (const name of running) fixture.engine.listener.test({ pid: process.pid, threadId: 1, state: 'passed', name });
    await fixture.session.close();
    expect(fixture.of('capture')[0]?.test?.candidates).toBe(running.length);
    expect(fixture.of('result')).toMatchObject([{ kept: true }]);
  });

  it('that do not tell how they ended are decided by the results of the run, each run of a test by its own', async () => {
    await using fixture = await openFixture();
    const result = (name: string, outcome: 'passed' | 'failed') => ({
      ...{ method: name, name, runner: 'xunit', outcome, durationMs: 5, startedAt: null, endedAt: null, message: '' },
    });
    for (const [name, type] of [
      ...([
        ['T', 'A'],
        ['T', 'B'],
        ['U', 'C'],
        ['V', 'D'],
      ] as const),
    ]) {
      fixture.engine.listener.test({ pid: process.pid, threadId: 1, state: 'started', name });
      await fixture.engine.throws(type, { test: name });
      fixture.engine.listener.test({ pid: process.pid, threadId: 1, state: 'ended', name });
    }
    // Of V there are more results than runs, and they do not agree.
    fixture.session.testResults([
      ...[result('T', 'failed'), result('T', 'passed'), result('U', 'passed')],
      ...[result('V', 'passed'), result('V', 'failed'), result('W', 'passed')],
    ]);
    await fixture.session.close();
    expect(
      fixture.of('result').map(({ captureId, kept, testState }) => `${captureId.at(-1)} ${kept} ${testState}`),
    ).toEqual([...['A true failed', 'B false passed', 'C false passed', 'D true unknown']]);
    expect(
      fixture
        .of('test')
        .filter(({ state }) => state !== 'started')
        .map(({ id, state }) => `${id} ${state}`),
    ).toEqual([...['T failed', 'T#2 passed', 'U passed', 'W passed']]);
    expect(fixture.of('end')).toMatchObject([{ captures: 2 }]);
  });

  it('that die with their process have failed, their captures stay', async () => {
    await using fixture = await openFixture();
    fixture.engine.listener.test({ pid: process.pid, threadId: 1, state: 'started', name: 'T' });
    await fixture.engine.throws('A');
    fixture.engine.listener.agentDisconnected(process.pid);
    await fixture.session.close();
    expect(fixture.of('result')).toMatchObject([{ kept: true, testState: 'failed' }]);
  });

  it('past their deadline are captured, with stacks when asked for', async () => {
    const stacks: string[] = [];
    let told: () => void = () => {};
    const reached = new Promise<void>((resolve) => {
      told = resolve;
    });
    const onStacks = (detail: { id: string }) => {
      stacks.push(detail.id);
      told();
    };
    await using fixture = await openFixture({ perTestDeadlineMs: 5, stacks: true }, {}, { onStacks });
    fixture.engine.listener.test({ pid: process.pid, threadId: 1, state: 'started', name: 'Slow' });
    await reached;
    expect(stacks).toEqual(['0001-deadline']);
    expect(fixture.of('capture')[0]).toMatchObject({ test: { title: ['Slow'] }, trigger: { kind: 'deadline' } });
  });
});

describe('the ladder', () => {
  it.each(['permission-denied', 'clone-refused', 'unsupported'])(
    'ends at createdump on %s, and says so',
    async (code) => {
      await using fixture = await openFixture();
      fixture.engine.refusal = refused(code);
      const detail = await fixture.session.capture(process.pid, { kind: 'manual', detail: '' });
      expect(detail).toMatchObject({ captureMethod: 'createdump', pauseMs: null, gc: 'unknown', dump: { bytes: 4 } });
      expect(detail?.notes.join('\n')).toContain('no snapshot was possible: ptrace answered EPERM');
      expect(statSync(join(fixture.folder, detail?.dump?.path ?? '')).mode & 0o777).toBe(0o600);
    },
  );

  it('loads the agent when tracing is refused, and tries again before anything else', async () => {
    const attached: number[] = [];
    await using fixture = await openFixture(
      {},
      {
        attachAgent: async (pid) => {
          attached.push(pid);
          fixture.engine.listener.agentConnected({ pid, runtime: '10.0.12', how: 'attach' });
        },
      },
    );
    fixture.engine.refusal = refused('permission-denied');
    fixture.engine.refusals = 1;
    const detail = await fixture.session.capture(process.pid, { kind: 'manual', detail: '' });
    expect(attached).toEqual([process.pid]);
    expect(detail?.captureMethod).toBe('clone');
    expect(detail?.notes.join()).toContain('stays loaded');
    expect(fixture.of('target').at(-1)).toMatchObject({ agent: 'attached', runtime: '10.0.12' });
  });

  it('a process that cannot be frozen at its throw makes captures impossible', async () => {
    await using fixture = await openFixture({ requireCapture: true });
    fixture.engine.listener.captureDone('agent-1', { error: refused('permission-denied') }, 77);
    expect((await fixture.session.close(0)).exitCode).toBe(93);
    expect(fixture.of('problem')).toMatchObject([{ where: 'process 77', why: 'ptrace answered EPERM' }]);
  });

  it.each(['no-such-process', 'not-dotnet', 'disk-full'])('is not climbed down on %s', async (code) => {
    await using fixture = await openFixture();
    fixture.engine.refusal = refused(code, `it answered ${code}`);
    expect(await fixture.session.capture(process.pid, { kind: 'manual', detail: '' })).toBeUndefined();
    expect(fixture.of('problem')).toMatchObject([{ why: `it answered ${code}` }]);
    expect(readdirSync(join(fixture.folder, 'captures'))).toEqual([]);
  });

  it.each(['no-such-process', 'target-gone'])(
    'a program that has ended by its deadline is no problem: %s',
    async (code) => {
      await using fixture = await openFixture();
      fixture.engine.refusal = refused(code);
      expect(await fixture.session.capture(process.pid, { kind: 'deadline', detail: 'late' })).toBeUndefined();
      await fixture.session.close(0);
      expect(fixture.of('problem')).toEqual([]);
      expect(fixture.of('skipped')).toMatchObject([{ trigger: 'deadline', why: 'ended', count: 1 }]);
      expect(readdirSync(join(fixture.folder, 'captures'))).toEqual([]);
    },
  );

  it('says both reasons when createdump fails too', async () => {
    const dumper = { writeDump: () => Promise.reject(Object.assign(new Error('x'), { why: 'createdump was killed' })) };
    await using fixture = await openFixture({}, { dumper });
    fixture.engine.refusal = refused('permission-denied');
    await fixture.session.capture(process.pid, { kind: 'manual', detail: '' });
    expect(fixture.of('problem')[0]?.why).toMatch(/EPERM.*createdump was killed/);
  });

  it('takes one capture of a process at a time', async () => {
    await using fixture = await openFixture({ count: 0 });
    const all = Array.from({ length: 4 }, () => fixture.session.capture(process.pid, { kind: 'manual', detail: '' }));
    await Promise.all(all);
    expect(fixture.of('capture').map((capture) => capture.id.slice(0, 4))).toEqual(['0001', '0002', '0003', '0004']);
  });
});

describe('trouble', () => {
  it('an exception that could not be read is told as the agent saw it', async () => {
    await using fixture = await openFixture();
    await fixture.engine.throws(TYPE, { unreadable: true });
    await fixture.session.close();
    expect(fixture.of('capture')).toMatchObject([
      { exception: { type: TYPE, message: 'Cart is empty', hresult: -2146233079, inner: [], stack: [] } },
    ]);
  });

  it('a deadline per test where no test tells its start is a problem, once something ran', async () => {
    await using idle = await openFixture({ perTestDeadlineMs: 1000 });
    await idle.session.close();
    expect(idle.of('problem')).toEqual([]);
    await using fixture = await openFixture({ perTestDeadlineMs: 40 });
    fixture.engine.listener.agentConnected({ pid: process.pid, how: 'startup', runtime: '10.0.12' });
    await expect.poll(() => fixture.engine.taken.length).toBeGreaterThan(1);
    await fixture.session.close();
    expect(fixture.of('problem')).toMatchObject([{ what: '--per-test-deadline had no effect' }]);
  });

  it('a ledger where no test tells its start is a problem, with a budget a failure, once something ran', async () => {
    for (const ledgerBudgetBytes of [undefined, 20_000]) {
      const options = { ledger: true, ...(ledgerBudgetBytes === undefined ? {} : { ledgerBudgetBytes }) };
      await using idle = await openFixture(options);
      expect((await idle.session.close()).exitCode).toBe(0);
      expect(idle.of('problem')).toEqual([]);
      await using fixture = await openFixture(options);
      fixture.engine.listener.agentConnected({ pid: process.pid, how: 'startup', runtime: '10.0.12' });
      const end = await fixture.session.close();
      expect(fixture.of('problem')).toMatchObject([{ what: '--ledger had no effect' }]);
      expect(end.exitCode).toBe(ledgerBudgetBytes === undefined ? 0 : 93);
    }
  });

  it('without an engine the run goes on; 93 only when captures are required', async () => {
    for (const requireCapture of [false, true]) {
      const startEngine = () => Promise.reject(refused('dac-missing', 'no engine for this system'));
      await using fixture = await openFixture({ requireCapture }, { startEngine });
      const end = await fixture.session.close(0);
      expect(end.exitCode).toBe(requireCapture ? 93 : 0);
      expect(fixture.of('problem')).toMatchObject([{ why: 'no engine for this system' }]);
    }
  });

  it('an engine that dies fails what it was writing and nothing else', async () => {
    await using fixture = await openFixture({ requireCapture: true });
    await fixture.engine.throws('A');
    fixture.engine.hold();
    await fixture.engine.throws('B');
    fixture.engine.listener.died('it was killed by SIGKILL');
    const end = await fixture.session.close(0);
    expect(end.exitCode).toBe(93);
    expect(fixture.of('capture').map((capture) => capture.id)).toEqual(['0001-first-chance-A']);
    expect(readdirSync(join(fixture.folder, 'captures'))).toEqual(['0001-first-chance-A']);
    expect(fixture.of('problem')).toHaveLength(2);
  });

  it("the command's own code comes before ours", async () => {
    const startEngine = () => Promise.reject(refused('internal'));
    await using fixture = await openFixture({ requireCapture: true }, { startEngine });
    expect((await fixture.session.close(3)).exitCode).toBe(3);
  });

  it('a manifest on a full disk is told once, and the run goes on', async () => {
    const openSink = () => ({
      append: () => {
        throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
      },
      [Symbol.dispose]: () => {},
    });
    await using fixture = await openFixture({}, { openSink });
    await fixture.engine.throws('A');
    const end = await fixture.session.close(0);
    expect(end.exitCode).toBe(0);
    expect(fixture.of('problem')).toMatchObject([{ what: 'the manifest could not be written' }]);
  });

  it('a cancelled end does not wait for a capture that never comes', async () => {
    await using fixture = await openFixture();
    fixture.engine.hold();
    await fixture.engine.throws('A');
    const abort = new AbortController();
    const closing = fixture.session.close(130, abort.signal);
    abort.abort();
    expect((await closing).exitCode).toBe(130);
    expect(readdirSync(join(fixture.folder, 'captures'))).toEqual([]);
  });
});

it('leaves nothing behind when its manifest cannot be opened', async () => {
  const temporary = mkdtempSync(join(tmpdir(), 'runtime-'));
  vi.stubEnv('XDG_RUNTIME_DIR', temporary);
  try {
    const openSink = () => {
      throw refused('disk-full', 'the disk is full');
    };
    await expect(openFixture({}, { openSink })).rejects.toMatchObject({ code: 'disk-full' });
    expect(readdirSync(temporary)).toEqual([]);
  } finally {
    vi.unstubAllEnvs();
    rmSync(temporary, { recursive: true });
  }
});

it('writes through no link that others have put into a folder that was given', async () => {
  await using fixture = await openFixture();
  const ours = join(fixture.folder, '..', `ours-${process.pid}`);
  writeFileSync(ours, 'ours');
  try {
    symlinkSync(ours, join(fixture.folder, 'session.json.part'));
    await fixture.session.close();
    expect(readFileSync(ours, 'utf8')).toBe('ours');
    expect(JSON.parse(readFileSync(join(fixture.folder, 'session.json'), 'utf8'))).toMatchObject({ exitCode: 0 });
  } finally {
    rmSync(ours);
  }
});
