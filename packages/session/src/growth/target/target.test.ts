import { spawn } from 'node:child_process';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { parseRequest } from '../operation/parse-request.ts';
import { notMeasuredNotes } from './not-measured.ts';
import { originOf } from './origin.ts';
import { pickTarget } from './pick-target.ts';
import { readinessLook } from './readiness.ts';
import { lockTarget } from './target-lock.ts';

const never = new AbortController().signal;
const request = (text: string) =>
  ({ kind: 'request', template: parseRequest(text), headers: [], timeoutMs: 1000 }) as const;
const opened: Server[] = [];
afterEach(() => {
  for (const server of opened.splice(0)) server.close();
});
async function listen(): Promise<number> {
  const server = createServer((socket) => socket.destroy());
  opened.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('readiness', () => {
  it('asks where the operation goes, without doing it', async () => {
    const port = await listen();
    const look = readinessLook(request(`POST http://127.0.0.1:${port}/run`), undefined);
    expect(await look([process.pid], never)).toEqual({ ready: true });
    expect(await look([], never)).toEqual({ ready: false, why: 'no .NET process runs in it' });
  });

  it('finds the address of the program itself', async () => {
    const look = readinessLook(request('POST /run'), undefined);
    expect(await look([], never)).toMatchObject({ why: 'no .NET process runs in it' });
    const port = await listen();
    expect(await look([process.pid], never)).toEqual({ ready: true });
    expect(originOf(process.pid, 'Shop')).toBe(`http://127.0.0.1:${port}`);
    await listen();
    expect(() => originOf(process.pid, 'Shop')).toThrow(/listens on several ports: \d+, \d+\. write the whole URL/);
  });

  it('asks a path where the operation goes, or where the program listens', async () => {
    const server = createHttpServer((asked, answer) => answer.writeHead(asked.url === '/health' ? 200 : 503).end());
    opened.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    for (const operation of [`POST http://127.0.0.1:${port}/run`, 'POST /run']) {
      expect(await readinessLook(request(operation), '/health')([process.pid], never)).toEqual({ ready: true });
      expect(await readinessLook(request(operation), '/other')([process.pid], never)).toMatchObject({
        why: expect.stringContaining('503'),
      });
    }
    await listen();
    expect(await readinessLook(request('POST /run'), '/health')([process.pid], never)).toMatchObject({
      why: expect.stringContaining('several ports'),
    });
  });

  it('of a program that is worked by a command is that it runs', async () => {
    const look = readinessLook({ kind: 'command', text: 'true', timeoutMs: 1 }, undefined);
    expect(await look([1], never)).toEqual({ ready: true });
  });
});

describe('which process of a command is checked', () => {
  const candidate = (pid: number) => ({ pid, facts: { name: `p${pid}` } });
  it('the only one; of several the one that listens where the operation goes', async () => {
    expect(pickTarget([candidate(7)], request('/x'), 'c').pid).toBe(7);
    const port = await listen();
    const both = [candidate(1), candidate(process.pid)];
    expect(pickTarget(both, request(`http://127.0.0.1:${port}/x`), 'c').pid).toBe(process.pid);
    expect(() => pickTarget(both, request('http://127.0.0.1:1/x'), 'c')).toThrow(
      `it runs several: p1 (pid 1), p${process.pid}`,
    );
  });

  it('none is no pass: it says what was looked for and what to do', () => {
    expect(() => pickTarget([], request('/x'), 'sleep 9')).toThrow(
      /Finding the process to check in "sleep 9": no .NET process runs in it, so there is no managed heap\. start a \.NET program/,
    );
  });
});

describe('what a check of one process says of the others of the program', () => {
  const other = (pid: number, ...commandLine: string[]) => ({ pid, name: 'Shop', commandLine });
  it('names those that run beside it: a PASS is not theirs', () => {
    expect(notMeasuredNotes([])).toEqual([]);
    expect(notMeasuredNotes([other(7, 'dotnet', 'Shop.dll', '--worker')])).toEqual([
      'not measured: "dotnet Shop.dll --worker" (pid 7), another .NET process of the program. A check judges one process: ' +
        'with the program running, --attach PID checks that one',
    ]);
  });

  it('few of many, and the end of long command lines', () => {
    const [note = ''] = notMeasuredNotes([1, 2, 3, 4, 5].map((pid) => other(pid, '/a'.repeat(90), `--part=${pid}`)));
    expect(note).toMatch(
      /^not measured: "…[a/]+ --part=1" \(pid 1\), .*--part=3" \(pid 3\) and 2 more, other .NET processes/,
    );
    expect(notMeasuredNotes([other(9)])[0]).toContain('"Shop" (pid 9)');
  });
});

describe('one check at a time on one target', () => {
  it('the second of this process waits, and may be cancelled while it does', async () => {
    const first = await lockTarget(process.pid, 'Shop', never);
    const order: string[] = [];
    const second = lockTarget(process.pid, 'Shop', never).then((lock) => {
      order.push('second');
      return lock;
    });
    const stop = new AbortController();
    const cancelled = lockTarget(process.pid, 'Shop', stop.signal);
    stop.abort(new Error('enough'));
    await expect(cancelled).rejects.toThrow('enough');
    order.push('first ends');
    await first[Symbol.asyncDispose]();
    await (await second)[Symbol.asyncDispose]();
    expect(order).toEqual(['first ends', 'second']);
    await (await lockTarget(process.pid, 'Shop', never))[Symbol.asyncDispose]();
  });

  it('one of another process is refused, until that process ends', async () => {
    const stat = (await import('@firstchance/target')).readStat(process.pid);
    const name = `firstchance-check-${process.pid}-${stat?.startTime}`;
    const script = `require('net').createServer().listen('\\0${name}', () => console.log('held'))`;
    const other = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => other.stdout.once('data', resolve));
    await expect(lockTarget(process.pid, 'Shop (pid 1)', never)).rejects.toThrow(
      'Beginning a growth check of Shop (pid 1): another firstchance checks this process already',
    );
    const ended = new Promise((resolve) => other.once('exit', resolve));
    other.kill('SIGKILL');
    await ended;
    await (await lockTarget(process.pid, 'Shop', never))[Symbol.asyncDispose]();
  });
});
