import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { TestReports } from '../client/test-reports.ts';
import { REQUESTS, type RequestName } from '../wire/requests.ts';
import { MAX_MESSAGE_BYTES } from '../wire/size-limit.ts';
import { Served, TEST } from './testing/served.ts';

/* What is no message, or none that is allowed: refused, and nobody else notices. */

let served: Served;
beforeEach(async () => {
  served = await new Served().start();
});
afterEach(async () => {
  await served[Symbol.asyncDispose]();
});

const METHODS = Object.keys(REQUESTS) as RequestName[];
/** Refused requests only: none of these may start anything. */
const HARMLESS = METHODS.filter((method) => method !== 'session/close');

it('a message is refused with the field that is wrong', async () => {
  const worker = await served.connect();
  const wrong = worker.request('test/begin', { test: { ...TEST, line: 0 }, deadlineMs: null });
  await expect(wrong).rejects.toThrow(/test\/begin: test\.line/);
  await expect(worker.request('test/begin', { test: TEST, deadlineMs: -1 })).rejects.toThrow(/deadlineMs/);
  await expect(worker.request('nonsense' as never, {} as never)).rejects.toThrow(/nonsense/);
});

it('before session/hello nothing is answered', async () => {
  const socket = await served.raw();
  const body = '{"jsonrpc":"2.0","id":1,"method":"census","params":{"pid":1}}';
  socket.write(`Content-Length: ${body.length}\r\n\r\n${body}`);
  const answer = await new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data))));
  expect(answer).toContain('session/hello comes first');
  socket.destroy();
});

it('whatever the parameters are, the server goes on', async () => {
  const worker = await served.connect();
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...HARMLESS), fc.jsonValue(), async (method, params) => {
      const valid = REQUESTS[method].params.safeParse(params).success;
      const outcome = await worker.request(method, params as never).then(
        () => 'answered',
        () => 'refused',
      );
      if (!valid) expect(outcome).toBe('refused');
    }),
    { numRuns: 200 },
  );
  await expect(worker.request('check/close', { checkId: 'none' })).resolves.toEqual({});
});

it('a message that is too large ends its connection before it is read', async () => {
  const worker = await served.connect();
  const socket = await served.raw();
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => {});
  socket.resume().write(`Content-Length: ${MAX_MESSAGE_BYTES + 1}\r\n\r\n{`);
  await closed;
  await expect(worker.request('check/close', { checkId: 'none' })).resolves.toEqual({});
});

it('tests with endless names are known all the same', async () => {
  const worker = await served.connect();
  const reports = new TestReports(worker);
  const long = { ...TEST, id: `t > ${'x'.repeat(200_000)}`, title: ['suite', 'y'.repeat(200_000)] };
  await reports.begin(long, null);
  await reports.begin({ ...long, id: `${long.id}!` }, null);
  await reports.end(long.id, 'passed');
  expect(served.of('test').map(({ state, title }) => [state, title.at(-1)?.length])).toEqual([
    ['started', 10_000],
    ['started', 10_000],
    ['passed', 10_000],
  ]);
});

it('whatever the bytes are, other clients are served', async () => {
  const worker = await served.connect();
  const header = fc.constantFrom(
    'Content-Length: ',
    'content-length:',
    'Content-Type: x\r\n',
    '\r\n\r\n',
    '{"jsonrpc":"2.0"',
  );
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((data) => Buffer.from(data)),
    fc
      .array(fc.oneof(header, fc.nat().map(String), fc.string()), { maxLength: 8 })
      .map((parts) => Buffer.from(parts.join(''))),
  );
  await fc.assert(
    fc.asyncProperty(bytes, async (data) => {
      const socket = await served.raw();
      socket.on('error', () => {});
      const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
      socket.resume().end(data);
      await closed;
      await worker.request('check/close', { checkId: 'none' });
    }),
    { numRuns: 100 },
  );
});
