import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '@firstchance/target';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CallbackOperation } from './callback-operation.ts';
import { CommandOperation } from './command-operation.ts';
import { HttpOperation } from './http-operation.ts';
import { parseExpectedStatus, parseHeader, parseRequest, requestName } from './parse-request.ts';

const never = new AbortController().signal;

describe('a request as a person writes it', () => {
  it.each([
    ['POST /run?n={n}', { method: 'POST', url: '/run?n={n}', body: undefined }],
    ['post /orders {"id": 7}', { method: 'POST', url: '/orders', body: '{"id": 7}' }],
    ['http://127.0.0.1:5000/orders', { method: 'GET', url: 'http://127.0.0.1:5000/orders', body: undefined }],
    ['/orders', { method: 'GET', url: '/orders', body: undefined }],
    ['  PUT   /a  x y ', { method: 'PUT', url: '/a', body: 'x y' }],
  ])('%s', (text, expected) => expect(parseRequest(text)).toEqual(expected));

  it.each(['', '  ', 'POST', 'GET ftp://x/', 'GET orders', 'FETCH /x'])('refuses %j with an example', (text) => {
    expect(() => parseRequest(text)).toThrow(/--op is .*for example 'POST \/orders'/);
  });

  it('names the check without host and port', () => {
    expect(requestName(parseRequest('POST http://127.0.0.1:5000/run?n={n}'))).toBe('POST /run?n={n}');
    expect(requestName(parseRequest('/orders?x=1'))).toBe('GET /orders?x=1');
  });

  it('takes headers, and refuses what could smuggle another one', () => {
    expect(parseHeader('Authorization: Bearer x:y')).toEqual(['Authorization', 'Bearer x:y']);
    for (const text of ['no colon', ': x', 'a b: c', 'a: b\r\nc: d'])
      expect(() => parseHeader(text)).toThrow('--op-header');
  });
});

describe('a status that is expected', () => {
  it.each([
    ['404', { from: 404, to: 404 }],
    ['4xx', { from: 400, to: 499 }],
    ['5XX', { from: 500, to: 599 }],
    ['any', { from: 100, to: 599 }],
  ])('%s', (text, expected) => expect(parseExpectedStatus(text)).toEqual(expected));

  it.each(['', '40', '4x', '4x4', '600', 'error'])('refuses %j', (text) => {
    expect(() => parseExpectedStatus(text)).toThrow('--op-expect');
  });
});

describe('over HTTP', () => {
  let server: Server;
  let requests: { line: string; body: string; socket: unknown }[];
  let answer: (request: IncomingMessage) => number | undefined;
  let base: string;
  beforeEach(async () => {
    requests = [];
    answer = () => 200;
    server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      requests.push({ line: `${request.method} ${request.url}`, body, socket: request.socket });
      const status = answer(request);
      if (status !== undefined) response.writeHead(status).end(status === 200 ? 'done' : 'out of stock');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    base = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });
  const operation = (text: string, timeoutMs = 20_000) =>
    new HttpOperation(parseRequest(text), base, { timeoutMs, headers: [['x-shop', 'a']] });

  it('repeats a request over one connection', async () => {
    await using run = operation('POST /orders {"n":1}');
    expect(await run.run(5, never)).toEqual({ done: 5, failed: 0 });
    expect(requests.map(({ line }) => line)).toEqual(Array(5).fill('POST /orders'));
    expect(new Set(requests.map(({ socket }) => socket)).size).toBe(1);
  });

  it('counts refusals as done where they are meant, and successes as failures', async () => {
    const refused = new HttpOperation(parseRequest('GET /x'), base, {
      timeoutMs: 20_000,
      expect: { from: 400, to: 499 },
    });
    await using run = refused;
    answer = () => 404;
    expect(await run.run(5, never)).toEqual({ done: 5, failed: 0 });
    answer = () => 200;
    expect(await run.run(5, never)).toMatchObject({ failed: 3, example: 'GET /x answered 200: done' });
  });

  it('asks once for a whole dose where {n} stands', async () => {
    await using run = operation('POST /run?n={n} {"again":{n}}');
    expect(await run.run(40, never)).toEqual({ done: 40, failed: 0 });
    expect(requests).toMatchObject([{ line: 'POST /run?n=40', body: '{"again":40}' }]);
  });

  it('counts failures, stops early, keeps the first answer', async () => {
    answer = () => (requests.length > 2 ? 503 : 200);
    await using run = operation('GET /x');
    expect(await run.run(100, never)).toEqual({ done: 2, failed: 3, example: 'GET /x answered 503: out of stock' });
    answer = () => 500;
    await using batch = operation('GET /x?n={n}');
    expect(await batch.run(10, never)).toEqual({
      done: 0,
      failed: 10,
      example: 'GET /x?n={n} answered 500: out of stock',
    });
  });

  it('takes no answer in time, and none at all, for failures', async () => {
    answer = () => undefined;
    await using slow = operation('GET /x', 50);
    expect(await slow.run(1, never)).toMatchObject({ failed: 1, example: 'GET /x failed: no answer in 50 ms' });
    await using gone = new HttpOperation(parseRequest('GET http://127.0.0.1:1/'), undefined, { timeoutMs: 20_000 });
    expect(await gone.run(1, never)).toMatchObject({ failed: 1, example: 'GET / failed: ECONNREFUSED' });
  });

  it('sends again what met a connection that was closed meanwhile', async () => {
    await using run = operation('GET /x');
    await run.run(1, never);
    server.closeAllConnections();
    expect(await run.run(1, never)).toEqual({ done: 1, failed: 0 });
  });

  it('ends at once when aborted', async () => {
    const stop = new AbortController();
    answer = () => void stop.abort(new Error('enough')) as undefined;
    await using run = operation('GET /x');
    await expect(run.run(3, stop.signal)).rejects.toThrow('enough');
  });
});

describe('by command', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'operation-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const operation = (text: string, timeoutMs = 20_000) =>
    new CommandOperation(text, { environment: process.env, folder, timeoutMs, pid: 42 });

  it('repeats it, or hands it the dose', async () => {
    expect(await operation('echo x >> ran').run(3, never)).toEqual({ done: 3, failed: 0 });
    expect(readFileSync(join(folder, 'ran'), 'utf8')).toBe('x\nx\nx\n');
    expect(await operation('echo {n} {pid} > dose').run(30, never)).toEqual({ done: 30, failed: 0 });
    expect(readFileSync(join(folder, 'dose'), 'utf8')).toBe('30 42\n');
  });

  it('says how it ended and what it wrote', async () => {
    const { failed, example } = await operation('echo one; echo two >&2; exit 4').run(1, never);
    expect(failed).toBe(1);
    expect(example).toMatch(/^"echo one; .*" failed: exit code 4: .*two/);
  });

  it('leaves no process behind, whether it ends, is late or is aborted', async () => {
    const child = () => Number(readFileSync(join(folder, 'child'), 'utf8'));
    const background = 'sleep 600 & echo $! > child';
    expect(await operation(background).run(1, never)).toEqual({ done: 1, failed: 0 });
    await expect.poll(() => isAlive(child())).toBe(false);
    const late = await operation(`${background}; wait`, 300).run(1, never);
    expect(late.example).toContain('no end after 300 ms');
    await expect.poll(() => isAlive(child())).toBe(false);
    rmSync(join(folder, 'child'));
    const stop = new AbortController();
    const running = operation(`${background}; wait`).run(1, stop.signal);
    await expect.poll(() => existsSync(join(folder, 'child')) && child() > 0).toBe(true);
    stop.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    await expect.poll(() => isAlive(child())).toBe(false);
  });
});

describe('by callback', () => {
  it('calls it once for each operation', async () => {
    let calls = 0;
    expect(await new CallbackOperation('x', () => calls++, 1000).run(4, never)).toEqual({
      done: 4,
      failed: 0,
    });
    expect(calls).toBe(4);
  });

  it('takes a throw, a rejection and a lasting silence for failures', async () => {
    const failing = (call: (signal: AbortSignal) => unknown, timeoutMs = 20_000) =>
      new CallbackOperation('x', call, timeoutMs).run(1, never);
    const thrower = () => {
      throw new TypeError('no cart');
    };
    expect(await failing(thrower)).toMatchObject({ failed: 1, example: 'TypeError: no cart' });
    expect(await failing(() => Promise.reject(new Error('no cart')))).toMatchObject({ example: 'Error: no cart' });
    let told: AbortSignal | undefined;
    const hang = (signal: AbortSignal) => {
      told = signal;
      return new Promise(() => {});
    };
    expect(await failing(hang, 20)).toMatchObject({ example: 'Error: no end after 20 ms' });
    expect(told?.aborted).toBe(true);
  });
});
