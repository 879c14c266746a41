import { expect } from 'vitest';
import { readCaptures } from '../../support/firstchance.ts';
import { MINI, SERVER } from './programs.ts';
import { expectOrder, of, statesOf, titled } from './records.ts';
import type { Ran, Scenario } from './scenario.ts';

/** What takes longer than it may. */
export const HANGS: Readonly<Record<string, Scenario>> = {
  'async timeout': {
    tests: { late: `${SERVER} test('hangs', async () => { await fetch(url + '/hang'); }, 2000);` },
    setup: { options: MINI },
    expect: (ran) => {
      expect(ran.outcome.code).toBe(1);
      expect(statesOf(ran.records, 'hangs')).toEqual(['started', 'timed-out']);
      expectHangCapture(ran, 'hangs');
      // It was taken while the program lived, and before the hook that ended it.
      expectOrder(ran.records, [
        (one) => one.record === 'test' && one.state === 'started' && titled(one, 'hangs'),
        (one) => one.record === 'capture',
        (one) => one.record === 'target' && one.ended !== undefined,
        (one) => one.record === 'test' && one.state === 'timed-out',
        (one) => one.record === 'end',
      ]);
      expect(ran.outcome.stderr).toMatch(/firstchance 0001 deadline: test still ran after \d+ ms · hangs · /);
      expect(ran.outcome.stderr).toMatch(/1 capture in \.firstchance\/.*show them with/);
    },
  },
  'blocked event loop': {
    tests: {
      blocked: `${SERVER} test('blocks', async () => {
  fetch(url + '/hang').catch(() => {});
  // The server takes requests in the order of their arrival: when this is answered, the other one is there.
  await fetch(url);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3000);
}, 1500);`,
    },
    setup: { options: MINI },
    expect: (ran) => {
      // Jest and Playwright let it pass: only a deadline outside of the test's process sees that it took too long.
      const blind = ran.runner.kind !== 'vitest';
      expect(ran.outcome.code).toBe(blind ? 0 : 1);
      expect(statesOf(ran.records, 'blocks')).toEqual(['started', blind ? 'passed' : 'timed-out']);
      expectHangCapture(ran, 'blocks');
    },
  },
  'hook timeout': {
    tests: { hook: `${SERVER} beforeEach(() => fetch(url + '/hang'), 2000); test('waits', () => {});` },
    setup: { options: MINI },
    expect: (ran) => {
      expect(ran.outcome.code).toBe(1);
      expect(statesOf(ran.records, 'waits')).toEqual(['started', 'timed-out']);
      expectHangCapture(ran, 'waits');
    },
  },
  'hook after the tests with a limit of its own': {
    tests: {
      hook: `let url;
beforeAll(async () => {
  url = (await launch('dotnet', [process.env.WEB], { ready: /listening on (\\S+)/ })).match[1];
}, 60_000);
test('runs', () => {});
afterAll(() => fetch(url + '/hang'), 3000);`,
    },
    setup: { options: MINI },
    // Playwright's hooks have theirs by test.setTimeout().
    not: ({ kind }) => kind === 'playwright',
    expect: ({ outcome, project }) => {
      expect(outcome.code).toBe(1);
      // Not when the runner gave up on it, when it may be too late: before.
      expect(readCaptures(project.session)).toMatchObject([
        {
          trigger: { kind: 'deadline', detail: expect.stringMatching(/^test afterAll still ran after/) },
          test: { title: ['afterAll'] },
        },
      ]);
    },
  },
  'a program that the test starts itself': {
    tests: {
      own: `let program;
afterEach(() => new Promise((resolve) => {
  program.once('exit', resolve);
  program.kill('SIGKILL');
}));
test('hangs', async () => {
  program = spawn('dotnet', [process.env.WEB], { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise((resolve) => program.stdout.on('data', (text) => resolve(/http\\S+/.exec(text)[0])));
  await fetch(url + '/hang');
}, 2500);`,
    },
    setup: { options: MINI },
    expect: (ran) => {
      expect(ran.outcome.code).toBe(1);
      expectHangCapture(ran, 'hangs');
      expect(of(ran.records, 'target').at(-1)).toMatchObject({
        name: 'web',
        agent: 'loaded',
        ended: expect.any(String),
      });
    },
  },
};

/** One capture, of the program that hangs, tied to the test for certain, with what it waits for. */
function expectHangCapture({ project, runner }: Ran, title: string): void {
  const captures = readCaptures(project.session);
  expect(captures).toMatchObject([
    {
      trigger: { kind: 'deadline', detail: expect.stringContaining(`test ${title}`) },
      process: { name: 'web' },
      test: { title: [title], runner: runner.kind, file: expect.stringMatching(/\.test\.m?js$/), candidates: 1 },
      dump: { kind: 'mini', bytes: expect.any(Number) },
    },
  ]);
  expect(captures[0]?.dump?.bytes).toBeGreaterThan(100_000);
  expect(JSON.stringify(captures[0]?.awaiting)).toContain('Basket.LockStockAsync');
}
