import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { expect, test } from 'vitest';
import { launchBrowser } from '../report/support/browser.ts';
import { type Outcome, readCaptures } from '../support/firstchance.ts';
import { inMatrix } from '../support/scope.ts';
import { type Runner, RunnerProject, type Setup } from './project.ts';
import { of, statesOf } from './scenarios/records.ts';

/* What only Playwright has: web servers, pages, fixtures, its command line and its report. */

const NEWEST: Runner = { project: 'playwright-newest', kind: 'playwright' };
const OLDEST: Runner = { project: 'playwright150', kind: 'playwright' };

/** Both in the matrix; what takes long with one of them in plain runs. */
const runners = (one: Runner): Runner[] => (inMatrix ? [NEWEST, OLDEST] : [one]);

/** A test that needs no .NET. */
const PLAIN = `test('adds', () => { expect(1 + 1).toBe(2); });`;
const CHROMIUM = `use: { launchOptions: { executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] } },`;

async function run(
  runner: Runner,
  tests: Readonly<Record<string, string>>,
  setup: Setup,
  judge: (project: RunnerProject, outcome: Outcome) => Promise<void> | void,
  { args = [], before }: { args?: readonly string[]; before?: (project: RunnerProject) => void } = {},
): Promise<void> {
  using project = new RunnerProject(runner, tests, setup);
  before?.(project);
  const outcome = await project.start(...args).end();
  try {
    await judge(project, outcome);
    expect(project.leftovers()).toEqual([]);
  } catch (error) {
    if (error instanceof Error) error.message += `\n${outcome.stdout}\n${outcome.stderr}`;
    throw error;
  }
}

/** One that nobody listens on; another process might take it before we do, which has not been seen. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test.each(runners(NEWEST))('a web server that leaks, seen by a page: $project', async (runner) => {
  const url = `http://127.0.0.1:${await freePort()}/health`;
  await run(
    runner,
    {
      page: `base('shows', async ({ page }) => {
  await page.goto(${JSON.stringify(url)});
  await expect(page.locator('body')).toHaveText('ready');
});`,
    },
    {
      config: `webServer: dotnetWebServer({ args: [process.env.SHOP], url: ${JSON.stringify(url)} }),
  projects: [{ name: 'desktop', ${CHROMIUM} }],`,
      options: { growth: [{ operation: 'POST /run?kind=leak-static&n=1', idle: '500ms' }] },
    },
    ({ records }, { code, stdout, stderr }) => {
      expect(code).toBe(1);
      expect(of(records, 'test').at(-1)).toMatchObject({
        title: ['shows'],
        state: 'passed',
        project: 'desktop',
        worker: 0,
      });
      expect(of(records, 'check')).toMatchObject([{ verdict: 'LEAK' }]);
      expect(stderr).toMatch(/Shop\.Session[\s\S]*evidence: .*\.json/);
      expect(stdout).toContain('1 passed');
      // Checked while it lived, and it was asked to end before it was killed.
      expect(records.findIndex(({ record }) => record === 'check')).toBeLessThan(
        records.findIndex(({ name, ended }) => name === 'growth-web' && ended !== undefined),
      );
      expect(of(records, 'target').at(-1)).toMatchObject({ name: 'growth-web', agent: 'loaded' });
    },
  );
});

test("a capture shows in Playwright's own report, the dump does not", async () => {
  await run(
    NEWEST,
    {
      late: `base('waits', async ({ page, dotnet }) => {
  base.setTimeout(60_000);
  const web = await dotnet.launch('dotnet', [process.env.WEB], { ready: /listening on (\\S+)/ });
  base.setTimeout(6_000);
  await page.goto(web.match[1] + '/hang');
});`,
    },
    { options: { dump: 'mini' }, config: `${CHROMIUM} reporter: [['list'], ['html', { open: 'never' }]],` },
    async (project, { code, stdout }) => {
      expect(code).toBe(1);
      expect(stdout).toContain('firstchance 0001-deadline (text/plain)');
      // Stacks of the people who read it are of their own code.
      expect(stdout).not.toMatch(/test-watch|time-keeper/);
      const [capture] = readCaptures(project.session);
      expect(capture).toMatchObject({ trigger: { kind: 'deadline' }, test: { title: ['waits'], candidates: 1 } });
      await using browser = await launchBrowser();
      const page = await browser.newPage();
      await page.goto(`file://${project.path}/playwright-report/index.html`);
      await page.getByText('waits', { exact: true }).first().click();
      await page.getByText('firstchance 0001-deadline').first().click();
      await page.getByText('Basket.LockStockAsync').first().waitFor();
    },
  );
});

test.each(runners(OLDEST))('limits that tests change, hooks that hang: $project', async (runner) => {
  const hang = `await fetch(web.match[1] + '/hang', { signal: AbortSignal.timeout(2_500) }).catch(() => {});`;
  await run(
    runner,
    {
      limits: `let web;
base.beforeAll(async () => {
  base.setTimeout(60_000);
  web = await launch('dotnet', [process.env.WEB], { ready: /listening on (\\S+)/ });
});
base('takes longer', async () => { base.setTimeout(60_000); ${hang} });
base('is slow', async () => { base.slow(); ${hang} });
base.describe('suite', () => {
  base.afterEach(() => fetch(web.match[1] + '/hang'));
  base('ends badly', () => {});
});
base.describe('other', () => {
  base.beforeAll(() => fetch(web.match[1] + '/hang'));
  base('never begins', () => {});
});`,
    },
    { options: { dump: 'mini' }, config: 'timeout: 2_000,' },
    (project, { code }) => {
      expect(code).toBe(1);
      const { records } = project;
      expect(statesOf(records, 'takes longer')).toEqual(['started', 'passed']);
      expect(statesOf(records, 'is slow')).toEqual(['started', 'passed']);
      expect(statesOf(records, 'ends badly')).toEqual(['started', 'timed-out']);
      expect(readCaptures(project.session)).toMatchObject([
        { trigger: { kind: 'deadline' }, test: { title: ['suite', 'ends badly'] } },
        { trigger: { kind: 'deadline' }, test: { title: ['other', 'beforeAll'] } },
      ]);
    },
  );
});

test('fixtures compose with others, also in a test of growth; --repeat-each has tests of its own', async () => {
  await run(
    OLDEST,
    {
      merged: `import { mergeTests, test as plain } from '@playwright/test';
const greeting = plain.extend({ greeting: 'hello world' });
const both = mergeTests(base, greeting);
both('greets', async ({ dotnet, greeting, request }) => {
  base.setTimeout(60_000);
  const web = await dotnet.launch('dotnet', [process.env.WEB], { ready: /listening on (\\S+)/ });
  expect(await (await request.get(web.match[1])).text()).toBe(greeting);
});`,
    },
    {},
    ({ records }, { code }) => {
      expect(code).toBe(0);
      const ids = new Set(of(records, 'test').map(({ id }) => id));
      expect(ids.size).toBe(2);
      expect(statesOf(records, 'greets').filter((state) => state === 'passed')).toHaveLength(2);
      // Each program ended with its test.
      expect(of(records, 'target').filter(({ ended }) => ended !== undefined)).toHaveLength(2);
    },
    { args: ['--repeat-each=2', '--workers=2'] },
  );
});

test('a shard has a session of its own, with its own tests', async () => {
  const tests = { a: `test('first', () => {});`, b: `test('second', () => {});` };
  await run(
    NEWEST,
    tests,
    {},
    ({ records }, { code }) => {
      expect(code).toBe(0);
      expect(new Set(of(records, 'test').map(({ title }) => String(title)))).toEqual(new Set(['second']));
    },
    { args: ['--shard=2/2'] },
  );
});

test.each([[[]], [['--reporter=line']]])('what was asked for and cannot be done fails the run: %j', async (args) => {
  const growth = [{ operation: 'GET /orders', pid: 'NOT_SET' }];
  await run(
    NEWEST,
    { plain: PLAIN },
    { options: { growth } },
    (_, { code, stdout, stderr }) => {
      expect(code).toBe(1);
      expect(stderr).toContain('NOT_SET holds no pid');
      expect(stdout).toContain('1 passed');
      // With --reporter ours is not there: Playwright's tells it.
      if (args.length > 0) expect(stdout).toContain('firstchance: a growth check that was asked for could not be done');
    },
    { args },
  );
});

test('an option that is misspelt is told, no test runs', async () => {
  await run(NEWEST, { plain: PLAIN }, { options: { dumpp: 'mini' } }, (_, { code, stdout, stderr }) => {
    expect(code).toBe(1);
    expect(stdout + stderr).toContain('"dumpp" is no option of the firstchance adapter');
    expect(stdout).not.toContain('1 passed');
  });
});

test('without .NET it says so once, with the adapter twice and two workers', async () => {
  await run(OLDEST, { a: PLAIN, b: PLAIN }, { twice: true }, ({ records }, { code, stderr }) => {
    expect(code).toBe(0);
    expect(stderr.match(/these tests started no \.NET program/g)).toHaveLength(1);
    expect(of(records, 'end')).toMatchObject([{ exitCode: 0, problems: 0 }]);
  });
});

test('when the session cannot be started the tests run without it', async () => {
  const before = ({ path: folder }: RunnerProject) => writeFileSync(path.join(folder, '.firstchance'), '');
  await run(
    NEWEST,
    { plain: PLAIN },
    {},
    (_, { code, stdout, stderr }) => {
      expect(code).toBe(0);
      expect(stdout).toContain('1 passed');
      expect(stderr).toContain('the tests run without it');
    },
    { before },
  );
});

test("tests that import Playwright's own test run as always, and that is said once", async () => {
  const own = `import { test as plain } from '@playwright/test';
plain('greets', async () => {
  plain.setTimeout(60_000);
  const web = await launch('dotnet', [process.env.WEB], { ready: /listening on (\\S+)/ });
  await web.stop();
});`;
  await run(OLDEST, { own }, {}, ({ records }, { code, stderr }) => {
    expect(code).toBe(0);
    expect(of(records, 'test')).toEqual([]);
    expect(stderr.match(/must import \{ test \} from '@firstchance\/playwright'/g)).toHaveLength(1);
  });
});

test('a runner that is not installed fails at once, with what to do', () => {
  expect(() => new RunnerProject({ project: 'playwright0', kind: 'playwright' }, {})).toThrow(
    /run: .*scripts\/runner-projects\.mjs/,
  );
});
