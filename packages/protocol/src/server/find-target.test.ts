import { createServer, type Server } from 'node:net';
import type { Session } from '@firstchance/session';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findTarget, onlyTarget } from './find-target.ts';

/* This very process plays the target: it listens. */

let server: Server;
let port: number;
beforeAll(async () => {
  server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as { port: number }).port;
});
afterAll(() => server.close());

const session = (pids: readonly number[], owners: Record<number, readonly string[]> = {}) =>
  ({
    targets: { interesting: pids.map((pid) => ({ pid, facts: { name: `p${pid}` } })) },
    runners: { clients: { ownersOf: (pid: number) => owners[pid] && new Set(owners[pid]) } },
  }) as unknown as Session;

it('a program is found by where it listens', () => {
  expect(findTarget(session([1, process.pid]), `http://localhost:${port}/orders`)).toBe(process.pid);
});

it.each([
  ['not a url', /no URL/],
  ['ftp://127.0.0.1/', /no URL/],
  ['http://127.0.0.1:1/', /listens on port 1/],
  ['http://127.0.0.1/', /listens on port 80/],
  ['https://127.0.0.1/', /listens on port 443/],
])('where nobody is found that is said: %s', (url, why) => {
  expect(() => findTarget(session([process.pid]), url)).toThrow(why);
});

it('the only one that tests may use is found, several are named', () => {
  expect(onlyTarget(session([7]), 'me')).toBe(7);
  expect(onlyTarget(session([7, 8], { 8: ['another'] }), 'me')).toBe(7);
  expect(() => onlyTarget(session([7, 8]), 'me')).toThrow(/several: p7 \(pid 7\), p8 \(pid 8\)/);
  expect(() => onlyTarget(session([8], { 8: ['another'] }), 'me')).toThrow(/no \.NET program/);
});
