import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkGrowth } from '../client/check-growth.ts';
import { findSocket } from '../client/find-socket.ts';
import { launchTarget } from '../client/launch-target.ts';
import { connectSession } from '../client/session-client.ts';
import { TestReports } from '../client/test-reports.ts';
import { Served, TEST } from './testing/served.ts';

let served: Served;
beforeEach(async () => {
  served = await new Served().start();
});
afterEach(async () => {
  await served[Symbol.asyncDispose]();
});

/** This very process plays the target. */
const target = () => served.engine.listener.agentConnected({ pid: process.pid, how: 'startup', runtime: '10.0.12' });

describe('a session that is served', () => {
  it('is found by its folder, its socket is private', async () => {
    const socket = findSocket(served.folder);
    expect(statSync(socket).mode & 0o777).toBe(0o600);
    expect(served.ready).toMatchObject({ folder: served.folder, environment: { FIRSTCHANCE_SESSION: served.folder } });
    await expect(served.connect()).resolves.toMatchObject({ folder: served.folder });
  });

  it('ends with its owner, when the last capture is written', async () => {
    const owner = await served.connect('owner');
    target();
    await owner.request('test/begin', { test: TEST, deadlineMs: null });
    const release = served.engine.hold();
    await served.engine.throws('System.Exception');
    await owner[Symbol.asyncDispose]();
    let over = false;
    void served.ended.then(() => {
      over = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(over).toBe(false);
    release();
    await served.ended;
    expect(served.of('capture')).toHaveLength(1);
    expect(served.of('test').at(-1)).toMatchObject({ state: 'failed' });
    expect(() => findSocket(served.folder)).toThrow(/is over/);
  });

  it('tells its owner what went wrong before', async () => {
    served.engine.listener.died('it was killed');
    const worker = await served.connect();
    const owner = await served.connect('owner');
    expect(worker.problems).toEqual([]);
    expect(owner.problems).toEqual([expect.stringContaining('engine')]);
  });

  it('that refuses a client is left by it: neither connection nor journal stays open', async () => {
    await served.connect();
    const open = () => readdirSync('/proc/self/fd').length;
    const before = open();
    for (let times = 0; times < 10; times += 1)
      await expect(connectSession({ folder: served.folder, runner: '' })).rejects.toThrow(/runner/);
    await expect.poll(open).toBeLessThan(before + 10);
  });

  it('is closed by its owner only, and tells how it ended', async () => {
    const [owner, worker] = [await served.connect('owner'), await served.connect()];
    await expect(worker.request('session/close', {})).rejects.toThrow(/only the owner/);
    await expect(owner.request('session/close', {})).resolves.toMatchObject({ exitCode: 0, captures: 0, problems: 0 });
  });

  it('outlives its workers; what they launched goes on', async () => {
    const [owner, worker] = [await served.connect('owner'), await served.connect()];
    const launched = await launchTarget(worker, '/bin/sh', ['-c', 'echo up; exec sleep 60'], { ready: /^up/ });
    await worker.request('test/begin', { test: TEST, deadlineMs: null });
    await worker[Symbol.asyncDispose]();
    await expect.poll(() => served.of('test').at(-1)?.state).toBe('failed');
    expect(() => process.kill(launched.pid, 0)).not.toThrow();
    await owner[Symbol.asyncDispose]();
    await served.ended;
    expect(() => process.kill(launched.pid, 0)).toThrow(/ESRCH/);
  });
});

describe('tests', () => {
  it('are told with their captures', async () => {
    const [owner, worker] = [await served.connect('owner'), await served.connect()];
    target();
    const told: string[] = [];
    owner.on('capture', ({ brief }) => told.push(`owner ${brief.text}`));
    worker.on('capture', ({ record }) => told.push(`worker ${record.test?.id}`));
    await worker.request('test/begin', { test: TEST, deadlineMs: 1 });
    await expect.poll(() => told.length).toBe(2);
    expect(told.sort()).toEqual(['owner captured 0001-deadline', 'worker t1']);
    const end = await worker.request('test/end', { testId: 't1', state: 'timed-out' });
    expect(end.captures).toMatchObject([{ id: '0001-deadline', kind: 'deadline', pid: process.pid, exception: null }]);
    expect(end.captures[0]?.dump).toBe(join(served.folder, 'captures/0001-deadline/dump.core.zst'));
  });

  it('have reports of their captures, and of nothing else in the folder', async () => {
    const worker = await served.connect();
    target();
    await worker.request('test/begin', { test: { ...TEST, project: 'chromium', worker: 3 }, deadlineMs: null });
    await worker.request('capture', { pid: null, kind: 'deadline', reason: 'late', testId: 't1' });
    const report = worker.request('capture/report', { captureId: '0001-deadline' });
    await expect(report).resolves.toEqual({ text: 'report of 0001-deadline' });
    expect(served.of('capture')).toMatchObject([{ test: { id: 't1', project: 'chromium', worker: 3 } }]);
    for (const captureId of ['0002-deadline', '../captures/0001-deadline'])
      await expect(worker.request('capture/report', { captureId })).rejects.toMatchObject({ code: 'no-capture' });
  });

  it('that their runner gave up on are captured when that is answered', async () => {
    const worker = await served.connect();
    target();
    const reports = new TestReports(worker);
    await reports.begin(TEST, 600_000);
    await reports.late('t1', 'Test timed out');
    expect(served.of('capture')).toMatchObject([{ trigger: { kind: 'deadline', detail: 'Test timed out' } }]);
    await reports.end('t1', 'timed-out');
  });

  it('that pass wait for no answer, unless something was captured; the last one counts when its worker is gone at once', async () => {
    await using quiet = await new Served().start({ firstChance: false });
    const worker = await quiet.connect();
    const reports = new TestReports(worker);
    quiet.engine.listener.agentConnected({ pid: process.pid, how: 'startup', runtime: '10.0.12' });
    for (let index = 0; index < 20; index++) {
      await reports.begin({ ...TEST, id: `t${index}` }, null);
      if (index === 3) await reports.late('t3', 'late');
      if (index < 10) expect(await reports.end(`t${index}`, 'passed')).toHaveLength(index === 3 ? 1 : 0);
    }
    const last = Array.from({ length: 10 }, (_value, index) => reports.end(`t${index + 10}`, 'passed'));
    await Promise.all(last);
    await worker[Symbol.asyncDispose]();
    quiet.gone.abort();
    await quiet.ended;
    expect(quiet.of('test').filter(({ state }) => state === 'passed')).toHaveLength(20);
  });

  it('of one client are not ended by another', async () => {
    const [first, second] = [await served.connect(), await served.connect()];
    await first.request('test/begin', { test: TEST, deadlineMs: null });
    const others = second.request('test/end', { testId: 't1', state: 'passed' });
    await expect(others).rejects.toThrow(/another client/);
    await first.request('test/end', { testId: 't1', state: 'failed' });
    expect(served.of('test').map(({ state }) => state)).toEqual(['started', 'failed']);
  });

  it('never fail for a session that is gone', async () => {
    const worker = await served.connect();
    const reports = new TestReports(worker);
    served.gone.abort();
    await served.ended;
    await reports.begin(TEST, 1_000);
    await reports.late('t1', 'late');
    expect(await reports.end('t1', 'passed')).toEqual([]);
    await expect(worker.request('test/end', { testId: 't1', state: 'passed' })).rejects.toMatchObject({
      code: 'disconnected',
    });
  });
});

describe('targets', () => {
  it('that are launched tell what they write and how they end', async () => {
    const worker = await served.connect();
    const launched = await launchTarget(worker, '/bin/sh', ['-c', 'echo "port $PORT"; read x; exit 3'], {
      ...{ ready: /port (\d+)/, env: { PORT: '4711' } },
    });
    expect(launched.match[1]).toBe('4711');
    expect(await launched.exited).toEqual({ exitCode: 3, signal: null });
    expect(await launched.stop()).toEqual({ exitCode: 3, signal: null });
  });

  it('that have ended, or did not start, are not held by their connection', async () => {
    const worker = await served.connect();
    const held: Disposable[] = [];
    for (const name of ['on', 'onClosed'] as const) {
      const subscribe = worker[name].bind(worker) as (...args: unknown[]) => Disposable;
      vi.spyOn(worker, name).mockImplementation(((...args: unknown[]) => {
        const subscription = subscribe(...args);
        held.push(subscription);
        return {
          [Symbol.dispose]: () => {
            held.splice(held.indexOf(subscription), 1);
            subscription[Symbol.dispose]();
          },
        };
      }) as never);
    }
    const launched = await launchTarget(worker, '/bin/true', []);
    await launched.exited;
    await expect(launchTarget(worker, '/no/such/program', [])).rejects.toThrow();
    expect(held).toEqual([]);
  });

  it('that are not ready in time are ended, with what they said last', async () => {
    const worker = await served.connect();
    const late = launchTarget(worker, '/bin/sh', ['-c', 'echo no luck; exec sleep 60'], {
      ready: 'up',
      readyTimeout: 200,
    });
    await expect(late).rejects.toThrow(/did not write up within 200 ms.*no luck/);
  });

  it.each([
    ['/no/such/program', 'command-not-found'],
    ['', 'command-not-found'],
  ])('that do not start explain themselves: %j', async (program, code) => {
    const worker = await served.connect();
    await expect(launchTarget(worker, program, [])).rejects.toMatchObject({ code, cure: expect.stringMatching(/\w/) });
  });

  it('are read', async () => {
    const worker = await served.connect();
    await expect(worker.request('census', { pid: process.pid })).resolves.toMatchObject({
      types: [{ type: 'Fake.Thing', instances: 2 }],
      complete: true,
    });
  });
});

describe('a growth check', () => {
  it('has its operations done by the client', async () => {
    const worker = await served.connect();
    target();
    let done = 0;
    const check = await checkGrowth(worker, process.pid, () => {
      done += 1;
    });
    expect(check.evidence).toBe(join(served.folder, 'checks', `${check.id}.json`));
    expect(served.of('check')).toMatchObject([{ id: check.id, verdict: check.verdict }]);
    expect(done).toBeGreaterThan(0);
  });

  it('with operations that fail is no pass', async () => {
    const worker = await served.connect();
    target();
    const check = await checkGrowth(worker, process.pid, () => Promise.reject(new Error('the shop is closed')));
    expect(check).toMatchObject({ verdict: 'INFRASTRUCTURE_ERROR', passed: false });
    expect(check.reason).toContain('the shop is closed');
  });

  it.each(['before it begins', 'as it begins'])('that is cancelled %s does nothing', async (when) => {
    const worker = await served.connect();
    target();
    const stop = new AbortController();
    if (when === 'before it begins') stop.abort();
    let done = 0;
    const checked = checkGrowth(worker, process.pid, () => void done++, { signal: stop.signal });
    stop.abort();
    expect(await checked).toMatchObject({
      verdict: 'INFRASTRUCTURE_ERROR',
      reason: expect.stringContaining('cancelled'),
    });
    expect(done).toBe(0);
  });

  it('that is cancelled does none of the operations that are left', async () => {
    const worker = await served.connect();
    target();
    const stop = new AbortController();
    let done = 0;
    const check = checkGrowth(worker, process.pid, () => void (++done === 3 && stop.abort()), { signal: stop.signal });
    await check;
    expect(done).toBe(3);
  });

  it('ends with the client that asked for it, and only that', async () => {
    const [worker, other] = [await served.connect(), await served.connect()];
    target();
    const started = new Promise<void>((resolve) => {
      void checkGrowth(worker, process.pid, () => {
        resolve();
        return new Promise(() => {});
      }).catch(() => {});
    });
    await started;
    await worker[Symbol.asyncDispose]();
    await expect.poll(() => served.of('check')).toMatchObject([{ verdict: 'INFRASTRUCTURE_ERROR' }]);
    expect(other.closed).toBe(false);
  });
});
