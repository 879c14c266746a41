import { createServer, type Server } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { acceptsConnections, urlAnswers } from './probes.ts';
import { type Readiness, waitReady } from './wait-ready.ts';

let server: Server | undefined;
afterEach(() => void server?.close());

async function listen(status: () => number): Promise<number> {
  const created = createServer((_request, response) => response.writeHead(status()).end('x'));
  server = created;
  await new Promise<void>((resolve) => created.listen(0, '127.0.0.1', resolve));
  const address = created.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const never = new AbortController().signal;

it('waits until the URL answers with success', async () => {
  let asked = 0;
  const port = await listen(() => (++asked < 3 ? 503 : 200));
  expect(
    await waitReady((signal) => urlAnswers(`http://127.0.0.1:${port}/health`, signal), 20_000, never),
  ).toBeUndefined();
  expect(asked).toBe(3);
});

it('says after the limit what the last look saw', async () => {
  expect(await waitReady(async () => ({ ready: false, why: 'it answered 503' }), 50, never)).toBe('it answered 503');
});

it('says what was answered, where the limit cuts off a later look', async () => {
  const looks = [async () => ({ ready: false as const, why: 'it answered 404' })];
  const cutOff = (signal: AbortSignal) =>
    new Promise<Readiness>((resolve) => {
      signal.addEventListener('abort', () => resolve({ ready: false, why: 'no answer in time' }));
    });
  expect(await waitReady((signal) => (looks.pop() ?? cutOff)(signal), 400, never)).toBe('it answered 404');
  expect(await waitReady(cutOff, 50, never)).toBe('no answer in time');
});

it('an answer that is no success is not ready', async () => {
  const port = await listen(() => 503);
  const url = `http://127.0.0.1:${port}/health`;
  expect(await urlAnswers(url, never)).toEqual({ ready: false, why: `${url} answered 503` });
});

it('takes an accepted connection, and names what the system answers else', async () => {
  const port = await listen(() => 200);
  expect(await acceptsConnections('127.0.0.1', port, never)).toEqual({ ready: true });
  server?.close();
  expect(await acceptsConnections('127.0.0.1', 1, never)).toEqual({
    ready: false,
    why: '127.0.0.1:1 accepts no connection (ECONNREFUSED)',
  });
  expect(await urlAnswers('http://127.0.0.1:1/', never)).toMatchObject({
    why: expect.stringContaining('ECONNREFUSED'),
  });
});

it('ends with the reason of an abort', async () => {
  const stop = new AbortController();
  const waiting = waitReady(async () => ({ ready: false, why: 'not yet' }), 60_000, stop.signal);
  stop.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
});
