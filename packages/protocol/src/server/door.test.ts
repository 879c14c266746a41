import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Door } from './door.ts';

let folder: string;
let door: Door;
const made: Socket[] = [];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'door-'));
  door = await Door.open(folder);
});
afterEach(() => {
  door[Symbol.dispose]();
  for (const socket of made.splice(0)) socket.destroy();
  rmSync(folder, { recursive: true });
});

function knock(): Promise<Socket> {
  const socket = createConnection(join(folder, 'server.sock'));
  made.push(socket);
  socket.on('error', () => {});
  return new Promise((resolve) => socket.once('connect', () => resolve(socket)));
}

const text = (socket: Socket) => new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data))));

/** Clients are admitted and answer with what they hear. */
const echo = () =>
  door.admit((socket) => {
    socket.on('data', (data) => socket.write(data));
  });

it('is private', () => {
  expect(statSync(join(folder, 'server.sock')).mode & 0o777).toBe(0o600);
});

it('keeps who came early, and what they have said', async () => {
  const early = await knock();
  const answer = text(early);
  early.write('first');
  // The second one is behind the first in the server's queue: when it is answered, the first was there.
  const second = await knock();
  echo();
  second.write('second');
  expect(await text(second)).toBe('second');
  expect(await answer).toBe('first');
});

it('lets in at once who comes later', async () => {
  echo();
  const late = await knock();
  late.write('late');
  expect(await text(late)).toBe('late');
});

it('closed, sends away who waits', async () => {
  const early = await knock();
  const ended = new Promise<void>((resolve) => early.once('close', () => resolve()));
  early.resume();
  // Connected means in the kernel's queue: the server must have taken it before it can send it away.
  await new Promise((resolve) => setImmediate(resolve));
  door[Symbol.dispose]();
  await ended;
});
