import { expect, it, vi } from 'vitest';
import { openFixture, type SessionFixture } from '../testing/session-fixture.ts';
import type { ClientTest } from './client-tests.ts';

const test = (id: string): ClientTest => ({
  ...{ id, title: ['suite', id], file: 'a.test.ts', line: 3, runner: 'vitest', attempt: 1 },
});

/** This very process plays the target: it lives as long as the test. */
function withTarget({ session, engine }: SessionFixture): void {
  session.runners.clients.add('w', { pid: process.pid, shared: false });
  engine.listener.agentConnected({ pid: process.pid, how: 'startup', runtime: '10.0.12' });
}

const states = ({ of }: SessionFixture, id: string) =>
  of('test')
    .filter((one) => one.id === id)
    .map(({ state }) => state);

it('captures the targets of a test at its deadline, with stacks, once', async () => {
  await using fixture = await openFixture();
  const { session, engine, of } = fixture;
  withTarget(fixture);
  session.runners.begin('w', test('slow'), 1);
  await expect.poll(() => of('capture')).toHaveLength(1);
  // The runner gives up on it too: there is a capture already.
  expect(await session.runners.late('slow', 'Test timed out in 5 ms')).toHaveLength(1);
  await session.runners.end('slow', 'timed-out');
  expect(of('capture')).toMatchObject([
    { trigger: { kind: 'deadline' }, test: { id: 'slow', title: ['suite', 'slow'], line: 3, candidates: 1 } },
  ]);
  expect(engine.taken).toMatchObject([{ pid: process.pid, stacks: true }]);
  expect(states(fixture, 'slow')).toEqual(['started', 'timed-out']);
  expect(of('result')).toMatchObject([{ kept: true, testState: 'timed-out' }]);
});

it('a test that ends or gets a later deadline is not captured', async () => {
  await using fixture = await openFixture();
  const { session, of } = fixture;
  withTarget(fixture);
  session.runners.begin('w', test('quick'), 20);
  session.runners.begin('w', test('quick'), null);
  session.runners.begin('w', test('other'), 20);
  await session.runners.end('other', 'passed');
  session.runners.begin('w', test('slow'), 40);
  await expect.poll(() => of('capture')).toMatchObject([{ test: { id: 'slow' } }]);
  expect(states(fixture, 'quick')).toEqual(['started']);
});

it('says of how many tests it is one, when several use the target', async () => {
  await using fixture = await openFixture();
  const { session, of } = fixture;
  withTarget(fixture);
  session.runners.clients.add('elsewhere', { pid: 1, shared: false });
  session.runners.begin('elsewhere', test('elsewhere'), null);
  session.runners.begin('w', test('one'), null);
  session.runners.begin('w', test('two'), null);
  await session.runners.late('one', 'late');
  expect(of('capture')).toMatchObject([{ test: { id: 'one', candidates: 2 } }]);
});

it('keeps what was thrown in failed tests only', async () => {
  await using fixture = await openFixture();
  const { session, engine, of } = fixture;
  withTarget(fixture);
  for (const outcome of ['passed', 'failed'] as const) {
    session.runners.begin('w', test(outcome), null);
    await engine.throws('System.Exception');
    await session.runners.end(outcome, outcome);
  }
  await expect
    .poll(() => of('result'))
    .toMatchObject([
      { kept: false, testState: 'passed' },
      { kept: true, testState: 'failed' },
    ]);
});

it('answers the end of a failed test when its captures are written', async () => {
  await using fixture = await openFixture();
  const { session, engine, of } = fixture;
  withTarget(fixture);
  session.runners.begin('w', test('fails'), null);
  const release = engine.hold();
  await engine.throws('System.Exception');
  const ended = session.runners.end('fails', 'failed').then(() => of('capture').length);
  release();
  expect(await ended).toBe(1);
});

it('a client that dies ends its tests and nothing else', async () => {
  await using fixture = await openFixture();
  const { session, of } = fixture;
  withTarget(fixture);
  session.runners.clients.add('other', { pid: 1, shared: false });
  session.runners.begin('w', test('mine'), null);
  session.runners.begin('other', test('theirs'), null);
  session.runners.clientEnded('w');
  expect(states(fixture, 'mine')).toEqual(['started', 'failed']);
  expect(states(fixture, 'theirs')).toEqual(['started']);
  expect(of('target').some(({ ended }) => ended !== undefined)).toBe(false);
});

it.each([
  ['passed', false, 0],
  ['failed', false, 1],
  ['passed', true, 1],
] as const)(
  'of a test that %s, with captures at throws %s, the engine is asked %i times',
  async (state, firstChance, asked) => {
    await using fixture = await openFixture({ firstChance });
    withTarget(fixture);
    const payload = vi.spyOn(fixture.engine, 'attachPayload');
    await fixture.session.runners.begin('w', test('one'), null);
    await fixture.session.runners.end('one', state);
    expect(payload).toHaveBeenCalledTimes(asked);
    expect(states(fixture, 'one')).toEqual(['started', state]);
  },
);
