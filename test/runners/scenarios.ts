import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { type ManifestLine, type Outcome, readCaptures } from '../support/firstchance.ts';
import type { Runner, RunnerProject, Setup } from './project.ts';

/** What ran, for a scenario to judge. */
export interface Ran {
  readonly runner: Runner;
  readonly project: RunnerProject;
  readonly outcome: Outcome;
  readonly records: readonly ManifestLine[];
}

export interface Scenario {
  /** File name to body; the head of the runner's file is put before it. */
  readonly tests: Readonly<Record<string, string>>;
  readonly setup?: Setup;
  /** Arguments of the runner. */
  readonly args?: (runner: Runner) => readonly string[];
  /** Text of the runner's output or of the manifest at which it gets Ctrl-C. */
  readonly interruptAt?: string;
  /** Takes long: in plain runs with one runner only. */
  readonly slow?: true;
  /** It makes no sense for this one. */
  readonly not?: (runner: Runner) => boolean;
  expect(ran: Ran): void;
}

/** A web server per file, ended in afterEach as users do: a capture after that would find nothing. */
const SERVER = `
let server;
let url;
beforeAll(async () => {
  server = await launch('dotnet', [process.env.WEB], { ready: /listening on (\\S+)/ });
  url = server.match[1];
}, 60_000);
afterEach(() => server.stop());
`;

const MINI = { dump: 'mini' };
const THROWS = { dump: 'mini', exceptions: 'first-chance', filter: ['*basket*'] };

const SHOP = `
let shop;
let url;
beforeAll(async () => {
  shop = await launch('dotnet', [process.env.SHOP, '--urls', 'http://127.0.0.1:0'], {
    ready: /listening on: (\\S+)/,
    env: { Logging__LogLevel__Default: 'Information' },
  });
  url = shop.match[1];
}, 60_000);
async function ask(kind, count) {
  const answer = await fetch(url + '/run?kind=' + kind + '&n=' + count, { method: 'POST' });
  expect(await answer.text()).toBe('done');
}`;

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
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
  'target crashes': {
    tests: {
      crash: `test('runs', async () => {
  const program = await launch('dotnet', [process.env.CRASH, 'unhandled']);
  expect(await program.exited).toEqual({ exitCode: 0, signal: null });
}, 60_000);`,
    },
    setup: { options: MINI },
    expect: ({ outcome, records, project }) => {
      expect(outcome.code).toBe(1);
      expect(readCaptures(project.session)).toMatchObject([
        {
          trigger: { kind: 'unhandled' },
          exception: { type: 'System.InvalidOperationException', message: 'nobody catches this' },
          test: { title: ['runs'], candidates: 1 },
          dump: { kind: 'mini' },
        },
      ]);
      expect(of(records, 'target').at(-1)).toMatchObject({ name: 'crash', exitCode: 134 });
    },
  },
  'first-chance exception in a passing test': {
    tests: {
      caught: `${SERVER} test('catches', async () => {
  expect(await (await fetch(url + '/catch')).text()).toBe('the basket is empty');
});`,
    },
    setup: { options: THROWS },
    expect: ({ outcome, records, project }) => {
      expect(outcome.code).toBe(0);
      expect(of(records, 'result')).toMatchObject([{ kept: false, testState: 'passed' }]);
      expect(readCaptures(project.session)).toEqual([]);
    },
  },
  'first-chance exception in a failing test': {
    tests: {
      thrown: `${SERVER} test('checks out', async () => { expect((await fetch(url + '/throw')).status).toBe(200); });`,
    },
    setup: { options: THROWS },
    args: ({ kind }) =>
      kind === 'vitest' ? ['--reporter=default', '--reporter=json', '--outputFile.json=results.json'] : [],
    expect: ({ outcome, records, project, runner }) => {
      expect(outcome.code).toBe(1);
      // Of failures Vitest 5 writes no report on a Node older than its range (22.12).
      if (runner.kind === 'vitest' && runner.project !== 'vitest5') {
        const [meta] = project.results('results.json');
        expect(meta?.firstchance).toMatchObject({
          captures: [{ kind: 'first-chance', folder: expect.stringContaining(project.session) }],
        });
        const [capture] = (meta?.firstchance as { captures: { dump: string }[] } | undefined)?.captures ?? [];
        expect(existsSync(capture?.dump ?? '')).toBe(true);
      }
      expect(of(records, 'result')).toMatchObject([{ kept: true, testState: 'failed' }]);
      const [capture] = readCaptures(project.session);
      expect(capture).toMatchObject({
        trigger: { kind: 'first-chance' },
        test: { title: ['checks out'], candidates: 1 },
        exception: { message: 'the basket is empty' },
      });
      expect(capture?.exception?.stack[0]?.method).toContain('Basket.Checkout(');
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
  leak: {
    tests: { leak: shop('leak-static') },
    slow: true,
    expect: ({ outcome, records, project }) => {
      expect(outcome.code).toBe(1);
      const test = of(records, 'test').find((one) => titled(one, 'orders'));
      expect(of(records, 'check')).toMatchObject([{ verdict: 'LEAK', testId: test?.id }]);
      expect(of(records, 'end')).toMatchObject([{ exitCode: 90, verdict: 'LEAK' }]);
      expect(`${outcome.stdout}${outcome.stderr}`).toMatch(/Shop\.Session/);
      expect(project.session).not.toBe('');
    },
  },
  'the ledger of what each test leaves, over its budget': {
    tests: {
      shop: `${SHOP}
test('keeps carts', async () => { await ask('leak-static', 500); });
test('keeps nothing', async () => { await ask('ok', 1); });`,
    },
    setup: { options: { ledger: true, ledgerBudget: '20KB' } },
    slow: true,
    expect: ({ outcome, records }) => {
      expect(outcome.code).toBe(1);
      expect(statesOf(records, 'keeps carts')).toEqual(['started', 'passed']);
      const test = of(records, 'test').find((one) => titled(one, 'keeps carts'));
      const [census] = of(records, 'census').filter(({ testId }) => testId === test?.id);
      expect(census).toMatchObject({ merged: [], candidates: 1, pauseMs: expect.any(Number) });
      const left = census?.left as { type: string; instances: number }[];
      expect(left.find(({ type }) => type === 'Shop.Session')).toMatchObject({ instances: 500 });
      expect(outcome.stderr).toMatch(/left behind by[\s\S]*keeps carts[\s\S]*Session \+500/);
      expect(of(records, 'end')).toMatchObject([{ exitCode: 90, verdict: 'LEAK' }]);
    },
  },
  'growth after the last test, of a program that globalSetup started': {
    tests: {
      steady: `test('greets', async () => { expect((await fetch(process.env.SHOP_URL + '/health')).status).toBe(200); });`,
    },
    setup: {
      options: { growth: [{ operation: 'POST /run?kind=leak-static&n=1', pid: 'SHOP_PID', idle: '500ms' }] },
      globalSetup: true,
    },
    slow: true,
    expect: ({ outcome, records }) => {
      expect(outcome.code).toBe(1);
      expect(statesOf(records, 'greets')).toEqual(['started', 'passed']);
      expect(of(records, 'check')).toMatchObject([{ verdict: 'LEAK' }]);
      expect(outcome.stderr).toMatch(/Shop\.Session[\s\S]*evidence: .*\.json/);
      expectOrder(records, [
        (one) => one.record === 'test' && one.state === 'passed',
        (one) => one.record === 'check',
        (one) => one.record === 'end' && one.exitCode === 90,
      ]);
    },
  },
  'an existing test that is repeated': {
    tests: {
      shop: `${shop('leak-static').replace("growthTest('orders',", "test('orders',").replace(", { idle: '500ms' });", ');')}
test('is left alone', () => {});`,
    },
    setup: { options: { growthTests: [{ test: 'ord*', idle: '500ms', name: 'order often' }] } },
    slow: true,
    expect: ({ outcome, records, project }) => {
      expect(outcome.code).toBe(1);
      expect(statesOf(records, 'orders')).toEqual(['started', 'failed']);
      expect(statesOf(records, 'is left alone')).toEqual(['started', 'passed']);
      const [check] = of(records, 'check');
      expect(check).toMatchObject({ verdict: 'LEAK' });
      // The options beside the title have come to the check.
      const evidence = readFileSync(path.join(project.session, String(check?.path)), 'utf8');
      expect(JSON.parse(evidence)).toMatchObject({ name: 'order often' });
      expect(`${outcome.stdout}${outcome.stderr}`).toMatch(/Shop\.Session/);
    },
  },
  'no leak': {
    tests: { steady: shop('ok') },
    slow: true,
    expect: ({ outcome, records }) => {
      expect(outcome.code).toBe(0);
      expect(of(records, 'check')).toMatchObject([{ verdict: 'PASS' }]);
    },
  },
};

function shop(kind: string): string {
  return `${SHOP}
growthTest('orders', async () => { await ask('${kind}', 1); }, { idle: '500ms' });`;
}

export const of = (records: readonly ManifestLine[], kind: string) => records.filter(({ record }) => record === kind);

const titled = (one: ManifestLine, title: string) => (one.title as string[]).at(-1) === title;

/** The states a test went through. */
export const statesOf = (records: readonly ManifestLine[], title: string): unknown[] =>
  of(records, 'test')
    .filter((one) => titled(one, title))
    .map(({ state }) => state);

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

/** One after the other, whatever is in between. */
function expectOrder(records: readonly ManifestLine[], steps: readonly ((one: ManifestLine) => boolean)[]): void {
  let at = -1;
  for (const [index, step] of steps.entries()) {
    const found = records.findIndex((one, place) => place > at && step(one));
    expect(found, `step ${index + 1} of ${steps.length}`).toBeGreaterThan(at);
    at = found;
  }
}
