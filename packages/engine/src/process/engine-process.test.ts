import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CaptureDone } from '../wire/agents.ts';
import { EngineError } from '../wire/error.ts';
import { EngineProcess, type EngineProcessOptions } from './engine-process.ts';

const fake = fileURLToPath(new URL('../testing/fake-engine.mjs', import.meta.url));

function start(mode: string, options: EngineProcessOptions & { note?: string } = {}): Promise<EngineProcess> {
  const { note = '', ...rest } = options;
  return EngineProcess.start({ executable: process.execPath, arguments: [fake, mode, note], ...rest });
}

const request = { pid: 7, dump: null, folder: '/tmp' };
const armed = { controlPath: '/c', socketPath: '/s', filter: {} as never };

/** The process is gone: none of ours stays behind. */
function isGone(pid: number | undefined): boolean {
  return !existsSync(`/proc/${pid}`);
}

describe('an engine that works', () => {
  it('answers, tells progress, and ends when it is closed', async () => {
    let pid: number | undefined;
    {
      await using engine = await start('normal');
      pid = engine.pid;
      expect(engine.hello).toMatchObject({ version: '0.1.0', agentPath: '/a.so' });
      const phases: string[] = [];
      const result = await engine.take(request, { onProgress: ({ phase }) => phases.push(phase) });
      expect(result).toMatchObject({ pid: 7, pauseMs: 6.1, timings: { futureMs: 2 }, dump: { file: 'dump.core.zst' } });
      expect(result.process).toMatchObject({ runtimeKind: 'coreclr' });
      // "dreaming" is no phase we know: left out, not failed.
      expect(phases).toEqual(['stop', 'resumed']);
      expect(await engine.unpackDump('a', 'b')).toBe(9);
      expect(await engine.disarm()).toMatchObject({ captured: 1 });
      expect((await engine.attachPayload()).data).toEqual(new Uint8Array([1, 2]));
    }
    expect(isGone(pid)).toBe(true);
  });

  it('hands its errors over with code, sentence and cure', async () => {
    await using engine = await start('normal');
    const failed = engine.inspectProcess(7);
    await expect(failed).rejects.toBeInstanceOf(EngineError);
    await expect(failed).rejects.toMatchObject({
      ...{ code: 'permission-denied', what: 'Tracing process 7', why: 'not permitted', cure: 'Run as root' },
      message: 'Tracing process 7: not permitted. Run as root',
      cause: expect.anything(),
    });
  });

  it('answers many requests at once, each to who asked', async () => {
    await using engine = await start('normal');
    const pids = Array.from({ length: 50 }, (_unused, index) => index + 1);
    const results = await Promise.all(pids.map((pid) => engine.take({ ...request, pid })));
    expect(results.map(({ pid }) => pid)).toEqual(pids);
  });

  it('holds no answer for longer than who asked', async () => {
    await using engine = await start('normal');
    const answers: WeakRef<object>[] = [];
    for (let pid = 1; pid <= 3; pid += 1) answers.push(new WeakRef(await engine.take({ ...request, pid })));
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc');
    const held = () => {
      collect();
      return answers.filter((answer) => answer.deref() !== undefined).length;
    };
    await expect.poll(held).toBe(0);
  });

  it('asks what to do with a capture, and tells its events', async () => {
    await using engine = await start('normal');
    const logs: string[] = [];
    const connected: number[] = [];
    engine.on('log', ({ text }) => logs.push(text));
    engine.on('agents/connected', ({ pid }) => connected.push(pid));
    engine.on('agents/disconnected', () => logs.push('never'));
    engine.onDecide(({ exception }) => ({ action: 'keep', folder: `/${exception?.type}`, dump: null }));
    await engine.arm(armed);
    expect(connected).toEqual([7]);
    expect(logs).toEqual([
      expect.stringMatching(/agents\/disconnected was not understood: pid: /),
      '{"action":"keep","folder":"/X","dump":null}',
    ]);
  });

  it.each([
    ['nobody decides', undefined],
    ['no room', () => Promise.reject(new Error('no room'))],
  ])('drops a capture when %s', async (reason, decide) => {
    await using engine = await start('normal');
    const logs: string[] = [];
    engine.on('log', ({ text }) => logs.push(text));
    if (decide) engine.onDecide(decide);
    await engine.arm(armed);
    expect(logs.at(-1)).toBe(JSON.stringify({ action: 'drop', reason }));
  });
});

describe('cancellation', () => {
  it('reaches the engine, whose answer is awaited', async () => {
    await using engine = await start('slow');
    const cancel = new AbortController();
    const taken = engine.take(request, { signal: cancel.signal, onProgress: () => cancel.abort() });
    await expect(taken).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('works when it came first', async () => {
    await using engine = await start('slow');
    await expect(engine.take(request, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('of one request leaves the others alone', async () => {
    await using engine = await start('slow');
    const [first, second] = [new AbortController(), new AbortController()];
    const one = engine.take(request, { signal: first.signal });
    const two = engine.take(request, { signal: second.signal });
    first.abort();
    await expect(one).rejects.toMatchObject({ code: 'cancelled' });
    expect(await Promise.race([two.catch(() => 'ended'), engine.unpackDump('a', 'b')])).toBe(9);
    second.abort();
    await expect(two).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('an engine that dies', () => {
  it('fails every call with how it ended and what it said last', async () => {
    const engine = await start('crash', { note: 'started' });
    const died = new Promise<string>((resolve) => engine.onDied(resolve));
    const calls = [engine.take(request), engine.take(request)];
    for (const call of calls)
      await expect(call).rejects.toMatchObject({
        code: 'engine-died',
        message: expect.stringMatching(/capture\/take: .*SIGABRT and said: "started\nfree\(\): invalid pointer"$/s),
      });
    expect(await died).toContain('SIGABRT');
    await expect(engine.inspectProcess(1)).rejects.toMatchObject({ code: 'engine-died' });
    await engine[Symbol.asyncDispose]();
  });

  it('is still heard when its answer and its end come together', async () => {
    const engine = await start('last-words');
    expect(await engine.take(request)).toMatchObject({ pid: 7 });
    await engine[Symbol.asyncDispose]();
  });

  it('in the middle of an answer fails the call', async () => {
    await using engine = await start('half');
    await expect(engine.take(request)).rejects.toMatchObject({
      code: 'engine-died',
      why: expect.stringContaining('exit code 3'),
    });
  });

  it('before it says hello is told with its last words', async () => {
    await expect(start('dies-at-once')).rejects.toMatchObject({
      code: 'engine-died',
      message: expect.stringContaining('GLIBC_2.99 not found'),
    });
  });

  it('by kill -9 fails what is under way', async () => {
    const engine = await start('slow');
    const taken = engine.take(request, { onProgress: () => process.kill(engine.pid ?? 0, 'SIGKILL') });
    await expect(taken).rejects.toMatchObject({ why: expect.stringContaining('SIGKILL') });
    await engine[Symbol.asyncDispose]();
  });

  it('by a SIGTERM from outside is told by its own end', async () => {
    const engine = await start('slow');
    const taken = engine.take(request, { onProgress: () => process.kill(engine.pid ?? 0, 'SIGTERM') });
    await expect(taken).rejects.toMatchObject({
      why: expect.stringMatching(/^the engine ended with exit code 0 and said/),
    });
    await engine[Symbol.asyncDispose]();
  });

  it('while it is being closed is no news', async () => {
    const engine = await start('slow');
    const died: string[] = [];
    engine.onDied((reason) => died.push(reason));
    const taken = engine.take(request);
    const failed = expect(taken).rejects.toMatchObject({ code: 'engine-died' });
    await engine.cancel();
    await failed;
    expect(died).toEqual([]);
    expect(isGone(engine.pid)).toBe(true);
  });
});

describe('an engine that is not understood', () => {
  it.each([
    ['garbage', /what is no JSON-RPC/],
    ['no-json', /what is no JSON-RPC/],
    ['closes-output', /it closed its output/],
  ])('%s: is ended in order, and every call fails', async (mode, why) => {
    const engine = await start(mode);
    const died = new Promise<string>((resolve) => engine.onDied(resolve));
    const failed = expect(engine.take(request)).rejects.toMatchObject({
      code: 'engine-died',
      why: expect.stringMatching(why),
    });
    await failed;
    expect(await died).toMatch(/ended in order/);
    expect(isGone(engine.pid)).toBe(true);
  });

  it('wrong-shape: says which field, and lives on', async () => {
    await using engine = await start('wrong-shape');
    await expect(engine.take(request)).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringMatching(/answer to capture\/take: pauseMs: .*same version/),
    });
    expect(await engine.unpackDump('a', 'b')).toBe(9);
  });

  it('old: an engine of another version is not handed out, nor left running', async () => {
    await expect(start('old')).rejects.toMatchObject({ code: 'internal', why: expect.stringMatching(/^version: /) });
  });

  it('unknown-method: is an error of the call', async () => {
    await using engine = await start('unknown-method');
    await expect(engine.inspectProcess(7)).rejects.toMatchObject({ code: 'internal', why: 'no such method' });
  });

  it('mute: is given up', async () => {
    await expect(start('mute', { startLimitMs: 300 })).rejects.toMatchObject({
      code: 'engine-died',
      why: expect.stringContaining('it said nothing for 300 ms'),
    });
  });

  it('bad-done: a capture whose result is not understood ends as a failure', async () => {
    await using engine = await start('bad-done');
    const done: CaptureDone[] = [];
    engine.on('capture/done', (event) => done.push(event));
    await engine.arm(armed);
    expect(done).toMatchObject([{ captureToken: 'agent-1', error: { code: 'internal', why: /^result\./ } }].map(loose));
  });

  it('bad-ask: a question that is not understood is answered with drop', async () => {
    await using engine = await start('bad-ask');
    const logs: string[] = [];
    engine.on('log', ({ text }) => logs.push(text));
    engine.onDecide(() => ({ action: 'keep', folder: '/x', dump: null }));
    await engine.arm(armed);
    expect(logs.at(-1)).toMatch(/"action":"drop","reason":"Reading the engine's answer to capture\/decide: pid/);
  });

  it('stubborn: is killed in the end', async () => {
    const engine = await start('stubborn', { closeLimitMs: 100 });
    await engine[Symbol.asyncDispose]();
    expect(isGone(engine.pid)).toBe(true);
  });

  it('whatever it writes, no call stays without an end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), async (bytes) => {
        const script = `process.stdin.once('data', () => process.stdout.write(Buffer.from('${Buffer.from(bytes).toString('hex')}', 'hex'), () => process.exit(0)))`;
        const started = EngineProcess.start({ executable: process.execPath, arguments: ['-e', script] });
        await expect(started).rejects.toBeInstanceOf(EngineError);
      }),
      { numRuns: 15 },
    );
  });
});

it('an engine that is not there is said to be missing', async () => {
  await expect(EngineProcess.start({ executable: '/nowhere/engine' })).rejects.toMatchObject({
    code: 'engine-missing',
    message: expect.stringContaining('/nowhere/engine'),
    cause: expect.objectContaining({ code: 'ENOENT' }),
  });
});

it('many engines leave nothing behind', async () => {
  const engines = await Promise.all([1, 2, 3, 4].map(() => start('normal')));
  await Promise.all(engines.map((engine) => engine[Symbol.asyncDispose]()));
  expect(engines.map(({ pid }) => isGone(pid))).toEqual([true, true, true, true]);
});

function loose(value: { captureToken: string; error: { code: string; why: RegExp } }) {
  return { ...value, error: { ...value.error, why: expect.stringMatching(value.error.why) } };
}
