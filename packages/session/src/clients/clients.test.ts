import { expect, it } from 'vitest';
import { Clients } from './clients.ts';

/** 1 ← 10 (runner) ← 20 (worker) ← 30 (shell) ← 40; 10 ← 21 (another worker) ← 41. */
const PARENTS: Readonly<Record<number, number>> = { 40: 30, 30: 20, 20: 10, 41: 21, 21: 10, 10: 1, 50: 10 };

function runner(): Clients {
  const clients = new Clients((pid) => PARENTS[pid]);
  clients.add('main', { pid: 10, shared: true });
  clients.add('first', { pid: 20, shared: false });
  clients.add('second', { pid: 21, shared: false });
  return clients;
}

it('a target belongs to the nearest client above it', () => {
  expect(runner().ownersOf(40)).toEqual(new Set(['first']));
  expect(runner().ownersOf(41)).toEqual(new Set(['second']));
});

it('what the main process started serves every test, and so does what nobody started', () => {
  expect(runner().ownersOf(50)).toBeUndefined();
  expect(runner().ownersOf(999)).toBeUndefined();
});

it('who launched or attached it counts more than the process tree', () => {
  const clients = runner();
  clients.own('second', 40);
  expect(clients.ownersOf(40)).toEqual(new Set(['second']));
  clients.own('main', 41);
  expect(clients.ownersOf(41)).toBeUndefined();
});

it('worker threads share one process', () => {
  const clients = new Clients((pid) => PARENTS[pid]);
  for (const id of ['a', 'b']) clients.add(id, { pid: 10, shared: false });
  expect(clients.ownersOf(50)).toEqual(new Set(['a', 'b']));
});

it('a pid that is given again, or a client that is gone, owns nothing', () => {
  const clients = runner();
  clients.own('second', 40);
  clients.processEnded(40);
  expect(clients.ownersOf(40)).toEqual(new Set(['first']));
  clients.own('second', 40);
  clients.remove('second');
  expect(clients.ownersOf(40)).toEqual(new Set(['first']));
});

it('a circle of parents, as a race may show, ends', () => {
  expect(new Clients((pid) => (pid === 2 ? 3 : 2)).ownersOf(2)).toBeUndefined();
});
