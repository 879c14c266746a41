import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { cli, fixture, type Outcome, Running, readCaptures, readManifest } from '../support/firstchance.ts';
import { inMatrix } from '../support/scope.ts';
import { type Runner, RunnerProject } from './project.ts';
import { of, statesOf } from './scenarios/records.ts';

/* What goes wrong around an adapter: wrong settings, a session that cannot be, runners that end early or run twice. */

const RUNNERS: readonly Runner[] = [
  { project: 'vitest4', kind: 'vitest' },
  { project: 'jest30', kind: 'jest' },
];

const runners = fileURLToPath(new URL('../../fixtures/runners', import.meta.url));

/** A web server for one test, ended with it. */
const served = (body: string) => `
  const server = await launch('dotnet', [process.env.WEB], { ready: /listening on (\\S+)/ });
  const url = server.match[1];
  try { ${body} } finally { await server.stop(); }`;

const GREETS = `test('greets', async () => {${served("expect(await (await fetch(url)).text()).toBe('hello world');")}}, 60_000);`;
const HANGS = `
let server;
afterEach(() => server.stop());
test('hangs', async () => {
  server = await launch('dotnet', [process.env.WEB], { ready: /listening on (\\S+)/ });
  await fetch(server.match[1] + '/hang');
}, 8_000);`;
const PASSES = "test('passes', () => {});";

const configuration = ({ kind }: Runner) => (kind === 'vitest' ? 'vitest.config.mjs' : 'jest.config.js');

/** Changes the runner's configuration, a program in JavaScript. */
function configure(project: RunnerProject, runner: Runner, change: (text: string) => string): void {
  const file = path.join(project.path, configuration(runner));
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}

/** Nothing of the runner that runs these tests, as from a terminal. */
function environment({ temporary }: RunnerProject): NodeJS.ProcessEnv {
  const { PATH, HOME, DOTNET_ROOT } = process.env;
  const dotnet = DOTNET_ROOT === undefined ? {} : { DOTNET_ROOT };
  return { PATH, HOME, ...dotnet, NO_COLOR: '1', TMPDIR: temporary, XDG_RUNTIME_DIR: '', WEB: fixture('web') };
}

const said = ({ stdout, stderr }: Outcome) => `${stdout}${stderr}`;
const times = (text: string, part: RegExp) => text.match(new RegExp(part, 'g'))?.length ?? 0;

const sessionsIn = (project: RunnerProject) => {
  const folder = path.join(project.path, '.firstchance');
  const names = readdirSync(folder).filter((name) => /^\d{8}-/.test(name));
  return names.map((name) => path.join(folder, name));
};

/** With every runner in the matrix, in plain runs with one of them in turn. */
let turn = 0;
function trouble(name: string, body: (runner: Runner) => Promise<void>): void {
  const chosen = RUNNERS.filter((_, index) => inMatrix || index === turn % RUNNERS.length);
  turn += 1;
  test.each(chosen)(`${name} ($kind)`, body);
}

const JEST: Runner = { project: 'jest30', kind: 'jest' };
const VITEST: Runner = { project: 'vitest4', kind: 'vitest' };

test('a preset that stands only in a project of Jest, which has no reporters, says that nothing is captured', async () => {
  using project = new RunnerProject(JEST, { first: PASSES, second: PASSES });
  configure(
    project,
    JEST,
    (text) => `${text}
module.exports = { projects: [{ ...module.exports, rootDir: __dirname }] };`,
  );
  const outcome = await project.start().end();
  expect(outcome.code, said(outcome)).toBe(0);
  expect(times(said(outcome), /firstchance: nothing is captured: Jest takes reporters/)).toBe(1);
});

test('with --reporters on its command line, which takes ours away, Jest says that nothing is captured, and how it is', async () => {
  using project = new RunnerProject(JEST, { pass: PASSES });
  const outcome = await project.start('--reporters=default').end();
  expect(outcome.code, said(outcome)).toBe(0);
  expect(said(outcome)).toMatch(/nothing is captured: .*--reporters on the command line.*@firstchance\/jest\/reporter/);
  const named = await project.start('--reporters=default', '--reporters=@firstchance/jest/reporter').end();
  expect(said(named)).not.toMatch(/nothing is captured/);
  expect(sessionsIn(project)).toHaveLength(1);
});

test("options of Vitest's main configuration hold for projects that have the plugin without options", async () => {
  using project = new RunnerProject(VITEST, { hangs: HANGS });
  configure(project, VITEST, (text) =>
    text
      .replace(/firstchance\([^)]*\)/, "firstchance({ dump: 'none' })")
      .replace(/test: .*/, "test: { projects: [{ plugins: [firstchance()], test: { name: 'one' } }] } };"),
  );
  const outcome = await project.start().end();
  expect(outcome.code, said(outcome)).toBe(1);
  const [folder = ''] = sessionsIn(project);
  expect(readCaptures(folder), said(outcome)).toMatchObject([{ trigger: { kind: 'deadline' }, dump: null }]);
});

test("with the plugin in the main configuration alone, which Vitest's projects do not extend, Vitest's adapter says so", async () => {
  using project = new RunnerProject(VITEST, { pass: PASSES });
  configure(project, VITEST, (text) => text.replace(/test: .*/, "test: { projects: [{ test: { name: 'one' } }] } };"));
  const outcome = await project.start().end();
  expect(outcome.code, said(outcome)).toBe(0);
  expect(times(said(outcome), /firstchance: nothing is captured: Vitest asks the plugins of its projects only/)).toBe(
    1,
  );
});

test("with an environment that tells of no tests Jest's reporter says so", async () => {
  const body = `const child = require('node:child_process').spawn('dotnet', [process.env.WEB]);
  await new Promise((resolve) => child.stdout.once('data', resolve));
  child.kill();
  await new Promise((resolve) => child.once('close', resolve));`;
  using project = new RunnerProject(JEST, { starts: `test('starts', async () => { ${body} }, 60_000);` });
  configure(
    project,
    JEST,
    (text) => `${text}
module.exports.testEnvironment = 'node';`,
  );
  const outcome = await project.start().end();
  expect(outcome.code, said(outcome)).toBe(0);
  expect(times(said(outcome), /firstchance: no test was tied to a program, .* withCapture/)).toBe(1);
});

test("Vitest's afterAll that hangs is captured, also behind a test that is skipped", async () => {
  const runner: Runner = { project: 'vitest4', kind: 'vitest' };
  const tests = `import { afterAll } from 'vitest';
let server;
beforeAll(async () => {
  server = await launch('dotnet', [process.env.WEB], { ready: /listening on (\\S+)/ });
}, 60_000);
afterAll(async () => { await fetch(server.match[1] + '/hang'); });
test('passes', () => {});
test.skip('is skipped', () => {});`;
  using project = new RunnerProject(runner, { late: tests }, { options: { dump: 'mini' } });
  configure(project, runner, (text) => text.replace('test: {', 'test: { hookTimeout: 3000,'));
  const outcome = await project.start().end();
  expect(outcome.code, said(outcome)).toBe(1);
  expect(statesOf(readManifest(project.session), 'afterAll')).toEqual(['started', 'timed-out']);
  expect(readCaptures(project.session)).toMatchObject([
    { trigger: { kind: 'deadline' }, test: { title: ['afterAll'] } },
  ]);
});

trouble(
  'without an engine a test that hangs is captured by the runtime itself, and what is missing is said once',
  async (runner) => {
    using project = new RunnerProject(runner, { late: HANGS }, { options: { dump: 'mini' } });
    configure(project, runner, (text) => `process.env.FIRSTCHANCE_NO_ENGINE = '1';\n${text}`);
    const outcome = await project.start().end();
    expect(outcome.code, said(outcome)).toBe(1);
    expect(statesOf(project.records, 'hangs')).toEqual(['started', 'timed-out']);
    const [capture, ...others] = readCaptures(project.session);
    expect(others).toEqual([]);
    expect(capture).toMatchObject({
      ...{ captureMethod: 'createdump', trigger: { kind: 'deadline' }, process: { name: 'web' } },
      test: { title: ['hangs'], candidates: 1 },
    });
    const dump = readFileSync(path.join(project.session, capture?.dump?.path ?? ''));
    expect(dump.subarray(0, 4).toString('latin1')).toBe('\u007fELF');
    expect(times(said(outcome), /the engine could not be started/)).toBe(1);
    expect(project.leftovers()).toEqual([]);
  },
);

trouble('without an engine a growth check is no pass, and says why', async (runner) => {
  const checks = `test('grows', async () => {${served('await expectNoGrowth(() => fetch(url));')}}, 60_000);`;
  using project = new RunnerProject(runner, { checks });
  configure(project, runner, (text) => `process.env.FIRSTCHANCE_NO_ENGINE = '1';\n${text}`);
  const outcome = await project.start().end();
  expect(outcome.code, said(outcome)).toBe(1);
  expect(of(project.records, 'check')).toMatchObject([{ verdict: 'INFRASTRUCTURE_ERROR' }]);
  expect(said(outcome)).toMatch(/INFRASTRUCTURE ERROR: .*engine/);
  expect(project.leftovers()).toEqual([]);
});

trouble('an option that is none ends the run, and says which', async (runner) => {
  using project = new RunnerProject(runner, { pass: PASSES }, { options: { exeptions: 'first-chance' } });
  const outcome = await project.start().end();
  expect(outcome.code).not.toBe(0);
  expect(said(outcome)).toContain('"exeptions" is no option of the firstchance adapter');
  expect(project.leftovers()).toEqual([]);
});

trouble('a session that cannot be started is told once, and the tests run without it', async (runner) => {
  using project = new RunnerProject(runner, { pass: PASSES });
  writeFileSync(path.join(project.path, '.firstchance'), 'a file where the sessions should go');
  const outcome = await project.start().end();
  expect(outcome.code, said(outcome)).toBe(0);
  expect(times(said(outcome), /the tests run without it/)).toBe(1);
  expect(project.leftovers()).toEqual([]);
});

trouble('configured twice there is one session', async (runner) => {
  using project = new RunnerProject(runner, { pass: PASSES }, { options: { dump: 'mini' } });
  const twice =
    runner.kind === 'vitest'
      ? (text: string) => text.replace('plugins: [', "plugins: [firstchance({ dump: 'none' }), ")
      : (text: string) => text.replace("['default',", "['default', '@firstchance/jest/reporter',");
  configure(project, runner, twice);
  const outcome = await project.start().end();
  expect(outcome.code, said(outcome)).toBe(0);
  expect(sessionsIn(project)).toHaveLength(1);
  expect(statesOf(project.records, 'passes')).toEqual(['started', 'passed']);
  // Each of Vitest's projects may name the plugin: only options that do not count are told.
  expect(times(said(outcome), /its adapter is configured twice/)).toBe(1);
});

trouble('--bail ends the session as the end of all tests would', async (runner) => {
  // One after the other, in this order: what comes after the failure does not run.
  using project = new RunnerProject(runner, { one: `${HANGS}\n${PASSES}` }, { options: { dump: 'mini' } });
  const outcome = await project.start('--bail=1').end();
  expect(outcome.code, said(outcome)).toBe(1);
  expect(readCaptures(project.session)).toMatchObject([{ test: { title: ['hangs'] }, process: { name: 'web' } }]);
  expect(of(project.records, 'end')).toMatchObject([{ captures: 1, problems: 0 }]);
  expect(project.leftovers()).toEqual([]);
});

trouble('a program that is started anew for each test is captured where it hangs', async (runner) => {
  const first = GREETS.replace("'greets'", "'first'");
  using project = new RunnerProject(
    runner,
    { restarted: `${first}\n${HANGS.replace('afterEach(() => server.stop())', 'afterEach(() => server?.stop())')}` },
    { options: { dump: 'mini' } },
  );
  const outcome = await project.start().end();
  expect(outcome.code, said(outcome)).toBe(1);
  const targets = new Set(of(project.records, 'target').map(({ pid }) => pid));
  expect(targets.size).toBe(2);
  const [capture, ...others] = readCaptures(project.session);
  expect(others).toEqual([]);
  expect(capture).toMatchObject({ pid: [...targets].at(-1), test: { title: ['hangs'] } });
  expect(statesOf(project.records, 'first')).toEqual(['started', 'passed']);
});

trouble('two runners at once in one folder have a session each', async (runner) => {
  using project = new RunnerProject(runner, { greets: GREETS }, { options: { dump: 'mini' } });
  const outcomes = await Promise.all([project.start().end(), project.start().end()]);
  expect(
    outcomes.map(({ code }) => code),
    outcomes.map(said).join(),
  ).toEqual([0, 0]);
  const sessions = sessionsIn(project).map(readManifest);
  expect(sessions).toHaveLength(2);
  for (const records of sessions) {
    expect(statesOf(records, 'greets')).toEqual(['started', 'passed']);
    expect(of(records, 'target').at(-1)).toMatchObject({ name: 'web', agent: 'loaded', ended: expect.any(String) });
    expect(of(records, 'end')).toHaveLength(1);
  }
  expect(project.leftovers()).toEqual([]);
});

trouble('below firstchance run the adapter has a session of its own', async (runner) => {
  using project = new RunnerProject(runner, { late: HANGS }, { options: { dump: 'mini' } });
  const bin = path.join(runners, runner.project, 'node_modules/.bin', runner.kind);
  const outer = path.join(project.temporary, 'outer');
  mkdirSync(outer);
  const command = [bin, ...(runner.kind === 'vitest' ? ['run'] : [])];
  const outcome = await new Running(process.execPath, [cli, 'run', '-x', outer, '--', ...command], {
    ...{ cwd: project.path, detached: true, bare: true, env: environment(project) },
  }).end();
  expect(outcome.code, said(outcome)).toBe(1);
  expect(readCaptures(project.session)).toMatchObject([{ trigger: { kind: 'deadline' }, test: { title: ['hangs'] } }]);
  // What the adapter's session watches, the one around it does not.
  expect(of(readManifest(outer), 'capture')).toEqual([]);
  expect(of(readManifest(outer), 'end')).toMatchObject([{ exitCode: 1 }]);
});

test('in watch mode each run of Vitest has a session of its own', async () => {
  const [runner] = RUNNERS as [Runner];
  using project = new RunnerProject(runner, { greets: PASSES }, { options: { dump: 'mini' } });
  const bin = path.join(runners, runner.project, 'node_modules/.bin/vitest');
  const running = new Running(bin, ['watch'], {
    ...{ cwd: project.path, detached: true, bare: true, stdin: 'pipe', env: environment(project) },
  });
  await runsEnd(running, 1);
  const file = path.join(project.path, 'greets.test.mjs');
  writeFileSync(file, `${readFileSync(file, 'utf8')}\n`);
  await runsEnd(running, 2);
  process.kill(-(running.child.pid ?? 0), 'SIGINT');
  await running.end();
  expect(project.sessions).toHaveLength(2);
  for (const session of project.sessions) {
    const records = readManifest(session);
    expect(statesOf(records, 'passes')).toEqual(['started', 'passed']);
    expect(of(records, 'end')).toHaveLength(1);
  }
  expect(project.leftovers()).toEqual([]);
});

/** Vitest says so after its reporters have ended theirs. */
async function runsEnd(running: Running, count: number): Promise<void> {
  while (running.stdout.split('Waiting for file changes').length <= count) await once(running.child, 'output');
}
