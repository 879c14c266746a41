import { expect, test } from 'vitest';
import { endRecord, fixture, type Running, readCaptures } from '../support/firstchance.ts';
import { Sandbox } from '../support/sandbox.ts';
import { records } from '../support/suite.ts';

/* An ASP.NET Core server under load of requests that go wrong. Sizes are a little above the stated goals, for a heap with next to nothing in it: what is in a dump of few megabytes differs from run to run. */

const MB = 1e6;

async function serve(sandbox: Sandbox, options: string[]): Promise<{ running: Running; url: string }> {
  const running = sandbox.start(['run', ...options, '-x', sandbox.session, '--', 'dotnet', fixture('web')]);
  await running.until('listening on');
  return { running, url: /listening on (\S+)/.exec(running.stdout)?.[1] ?? '' };
}

async function stop({ running, url }: { running: Running; url: string }) {
  await fetch(`${url}/stop`);
  return await running.end();
}

test.each([
  ['-mh', 7 * MB],
  ['-mm', 2.4 * MB],
])('%s at a throw in a request', async (kind, limit) => {
  using sandbox = new Sandbox();
  const server = await serve(sandbox, [kind, '-e', '1', '-f', '*basket*', '-n', '2']);
  expect(await (await fetch(server.url)).text()).toBe('hello world');
  expect((await fetch(`${server.url}/throw`)).status).toBe(500);
  // The request that was frozen is answered as if nothing had been.
  expect(await (await fetch(`${server.url}/catch`)).text()).toBe('the basket is empty');
  const outcome = await stop(server);
  expect(outcome.code).toBe(0);

  const captures = readCaptures(sandbox.session);
  expect(captures).toHaveLength(2);
  for (const capture of captures) {
    expect(capture.exception).toMatchObject({
      type: 'System.InvalidOperationException',
      message: 'the basket is empty',
    });
    expect(capture.exception?.stack[0]?.method).toContain('Basket.Checkout(');
    expect(capture.exception?.stack[0]).toMatchObject({ file: expect.stringMatching(/web\/Program\.cs$/) });
    expect(capture.dump?.bytes).toBeLessThanOrEqual(limit);
  }
  expect(endRecord(sandbox.session)).toMatchObject({ exitCode: 0, captures: 2, problems: 0 });
  expect(sandbox.leftovers()).toEqual([]);
});

test('memory that the server keeps weighs in the dump what it weighs in the process', async () => {
  using sandbox = new Sandbox();
  const server = await serve(sandbox, ['-mh', '-e', '1', '-f', '*basket*', '-n', '1']);
  expect(await (await fetch(`${server.url}/allocate?mb=20`)).text()).toBe('20');
  await fetch(`${server.url}/throw`);
  await stop(server);
  const bytes = readCaptures(sandbox.session)[0]?.dump?.bytes;
  expect(bytes).toBeGreaterThan(20 * MB);
  expect(bytes).toBeLessThan(29 * MB);
});

test('a request that hangs is found at the deadline by what it awaits', async () => {
  using sandbox = new Sandbox();
  const server = await serve(sandbox, ['-mm', '--max-memory', '100000']);
  const abort = new AbortController();
  const hanging = fetch(`${server.url}/hang`, { signal: abort.signal }).catch(() => undefined);
  // The server takes requests in order of their arrival on one connection each: this one has been accepted after it.
  await fetch(server.url);
  const pid = /"pid":(\d+)/.exec(JSON.stringify(records(sandbox.session, 'target')[0]))?.[1] ?? '';
  const dumped = await sandbox.firstchance(['dump', pid, '-mm', '-x', `${sandbox.session}-2`]);
  expect(dumped.code).toBe(0);
  abort.abort();
  await hanging;
  await stop(server);
  const awaiting = JSON.stringify(readCaptures(`${sandbox.session}-2`)[0]?.awaiting);
  for (const method of ['Basket.LockStockAsync', 'Basket.ReserveAsync']) expect(awaiting).toContain(method);
});

/** A console program that does next to nothing, at its end. */
test.each([
  ['-mh', 3 * MB],
  ['-mm', 1 * MB],
])('hello world, %s', async (kind, limit) => {
  using sandbox = new Sandbox();
  const outcome = await sandbox.run([kind, '-t'], ['dotnet', fixture('exit-codes'), '0']);
  expect(outcome.code).toBe(0);
  const [capture] = readCaptures(sandbox.session);
  expect(capture?.dump?.bytes).toBeGreaterThan(100_000);
  expect(capture?.dump?.bytes).toBeLessThanOrEqual(limit);
});
