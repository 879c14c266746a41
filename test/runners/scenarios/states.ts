import { expect } from 'vitest';
import { readCaptures } from '../../support/firstchance.ts';
import { SERVER, THROWS } from './programs.ts';
import { of, statesOf, titled } from './records.ts';
import type { Scenario } from './scenario.ts';

/** How tests end, and what is told of it. */
export const STATES: Readonly<Record<string, Scenario>> = {
  pass: {
    tests: {
      pass: `${SERVER} test('greets', async () => { expect(await (await fetch(url)).text()).toBe('hello world'); });`,
    },
    expect: ({ outcome, records }) => {
      expect(outcome.code).toBe(0);
      expect(statesOf(records, 'greets')).toEqual(['started', 'passed']);
      expect(of(records, 'capture')).toEqual([]);
      expect(of(records, 'target').at(-1)).toMatchObject({ name: 'web', agent: 'loaded', ended: expect.any(String) });
      expect(of(records, 'end')).toMatchObject([{ exitCode: 0, problems: 0 }]);
    },
  },
  'assertion fails': {
    tests: {
      fails: `${SERVER} test('greets', async () => { expect(await (await fetch(url)).text()).toBe('good bye'); });`,
    },
    expect: ({ outcome, records }) => {
      expect(outcome.code).toBe(1);
      expect(statesOf(records, 'greets')).toEqual(['started', 'failed']);
      expect(of(records, 'capture')).toEqual([]);
    },
  },
  'worker killed': {
    // Jest runs a single file in its own process: there must be two.
    tests: {
      killed: `${SERVER} test('dies', () => { process.kill(process.pid, 'SIGKILL'); });`,
      other: `test('lives', () => {});`,
    },
    args: ({ kind }) => (kind === 'jest' ? ['--maxWorkers=2'] : []),
    // A thread cannot be killed, only the whole runner.
    not: ({ pool = 'forks' }) => pool !== 'forks',
    expect: ({ outcome, records, runner }) => {
      expect(outcome.code).toBe(1);
      expect(statesOf(records, 'dies').slice(0, 2)).toEqual(['started', 'failed']);
      // Vitest 3 itself gives the other file up with the worker.
      if (runner.project !== 'vitest3') expect(statesOf(records, 'lives')).toEqual(['started', 'passed']);
      expect(of(records, 'end')).toHaveLength(1);
    },
  },
  'Ctrl-C': {
    tests: { late: `${SERVER} test('hangs', async () => { await fetch(url + '/hang'); }, 600_000);` },
    interruptAt: '"hangs"',
    expect: ({ outcome, records }) => {
      expect(outcome.code === 0).toBe(false);
      expect(statesOf(records, 'hangs')[0]).toBe('started');
      expect(of(records, 'target').at(-1)).toMatchObject({ name: 'web', ended: expect.any(String) });
      expect(of(records, 'end')).toHaveLength(1);
    },
  },
  'a retry': {
    tests: {
      again: `${SERVER.replace('afterEach(() => server.stop());', '')}
test('checks out', async () => {
  const path = nextAttempt() === 1 ? '/throw' : '/';
  expect((await fetch(url + path)).status).toBe(200);
});`,
    },
    setup: { options: THROWS, retry: 1 },
    expect: ({ outcome, records, project }) => {
      expect(outcome.code).toBe(0);
      const tests = of(records, 'test').filter((one) => titled(one, 'checks out'));
      expect(tests).toMatchObject([
        { attempt: 1, state: 'started' },
        { attempt: 1, state: 'failed' },
        { attempt: 2, state: 'started' },
        { attempt: 2, state: 'passed' },
      ]);
      // It belongs to the attempt that failed, and stays.
      expect(readCaptures(project.session)).toMatchObject([{ test: { title: ['checks out'], attempt: 1 } }]);
      expect(tests[0]).toMatchObject({ line: expect.any(Number) });
    },
  },
  'fake timers': {
    // Playwright has them for pages only.
    not: ({ kind }) => kind === 'playwright',
    tests: {
      frozen: `${SERVER} beforeEach(() => FAKE.useFakeTimers());
test('stands still', () => { setTimeout(() => {}, 1000); });
test('goes on', () => {});`,
    },
    expect: ({ outcome, records }) => {
      expect(outcome.code).toBe(0);
      expect(statesOf(records, 'goes on')).toEqual(['started', 'passed']);
    },
  },
};
