import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, printTable, spread } from './lib/figures.mjs';
import { installPacked, packAll } from './lib/packed.mjs';
import { printStart } from './lib/start-times.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const fixture = (name) => path.join(root, 'fixtures', name);
const MB = 64;
const SESSION = '.firstchance';

/** The web fixture with its heap filled, started by the tests themselves: with the adapter it is a target of the session. */
const JS_TESTS = (count, ms) => `
let server;
let url;
beforeAll(async () => {
  server = spawn('dotnet', [process.env.SERVER], { stdio: ['ignore', 'pipe', 'inherit'] });
  url = await new Promise((resolve) =>
    server.stdout.on('data', (text) => {
      const match = /listening on (\\S+)/.exec(text);
      if (match) resolve(match[1]);
    }),
  );
  await (await fetch(url + '/allocate?mb=${MB}')).text();
}, 120_000);
afterAll(() => server.kill('SIGKILL'));
for (let index = 0; index < ${count}; index++) {
  test('works ' + index, async () => {
    const started = performance.now();
    await (await fetch(url)).text();
    await new Promise((resolve) => setTimeout(resolve, ${ms} - (performance.now() - started)));
  });
}`;
const ADAPTER = `import firstchance from '@firstchance/vitest/plugin';
export default { plugins: [firstchance()] };`;

/** Tests without a page: what a browser does is nobody's cost here. They are imported from our package, or Playwright's. */
function playwright(imported, config) {
  return {
    'playwright.config.mjs': config,
    'work.spec.mjs': (...size) => `${imported}
import { spawn } from 'node:child_process';
const { beforeAll, afterAll } = test;${JS_TESTS(...size)}`,
  };
}

/** Per runner: where its modules are, and of each way to run the command and the files it needs, test suite apart. */
const RUNNERS = {
  vitest: {
    project: 'vitest4',
    command: ['vitest', 'run', '--no-color'],
    tests: (...size) => ({
      'work.test.mjs': `import { afterAll, beforeAll, test } from 'vitest';
import { spawn } from 'node:child_process';${JS_TESTS(...size)}`,
    }),
    ways: {
      without: { files: { 'vitest.config.mjs': 'export default {};' } },
      with: { files: { 'vitest.config.mjs': ADAPTER } },
    },
  },
  jest: {
    project: 'jest30',
    command: ['jest', '--no-color'],
    tests: (...size) => ({ 'work.test.js': `const { spawn } = require('node:child_process');${JS_TESTS(...size)}` }),
    ways: {
      without: { files: { 'jest.config.js': 'module.exports = { transform: {} };' } },
      with: { files: { 'jest.config.js': "module.exports = { preset: '@firstchance/jest', transform: {} };" } },
    },
  },
  playwright: {
    project: 'playwright-newest',
    command: ['playwright', 'test', '--reporter=dot', '--workers=1'],
    tests: () => ({}),
    ways: {
      without: { files: playwright("import { test } from '@playwright/test';", 'export default {};') },
      with: {
        files: playwright(
          "import { test } from '@firstchance/playwright';",
          "import { firstchance } from '@firstchance/playwright';\nexport default firstchance({});",
        ),
      },
    },
  },
  xunit: {
    command: ['dotnet', 'test', fixture('many-tests'), '-c', 'Release', '--no-build'],
    tests: () => ({}),
    ways: {
      without: {},
      with: { before: ['firstchance', 'run', '--per-test-deadline', '1m', '--'] },
      ledger: { before: ['firstchance', 'run', '--per-test-deadline', '1m', '--ledger', '--'] },
    },
  },
};

/**
 * What an adapter costs a suite in which nothing happens, in turns with the same suite without it; and how long a session takes
 * to start.
 *   npm run bench -- adapters [runners, all by default] [repetitions] [tests] [ms of a test]      e.g. adapters vitest 3 300 50
 * Tests in JavaScript ask a .NET server with 64 MB of live heap that the first of them starts; xunit's have those in their own
 * process. Nobody's capture, no growth: what is left is talk between processes. Ours are the packed packages, as users have them.
 */
export async function bench([names = Object.keys(RUNNERS).join(), repetitions = '3', tests = '300', ms = '50']) {
  const place = mkdtempSync(path.join(tmpdir(), 'firstchance-bench-'));
  try {
    await measure(place, names.split(','), Number(repetitions), [Number(tests), Number(ms)]);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

async function measure(place, names, repetitions, [tests, ms]) {
  const packed = await packAll(path.join(place, 'packed'));
  const cli = path.join(installPacked(packed, undefined, path.join(place, 'start')), 'firstchance/bin/firstchance.js');
  await printStart(cli, repetitions * 3);
  const rows = [];
  for (const name of names) {
    const { project } = RUNNERS[name];
    const runner = project === undefined ? undefined : path.join(root, 'fixtures/runners', project, 'node_modules');
    const modules = installPacked(packed, runner, path.join(place, name));
    const times = await inTurns(name, modules, repetitions, [tests, ms]);
    for (const [way, runs] of Object.entries(times)) {
      const ratios = runs.map(({ seconds }, turn) => seconds / times.without[turn].seconds);
      const costs = way === 'without' ? ['', ''] : [`${((median(ratios) - 1) * 100).toFixed(1)} %`, spread(ratios, 3)];
      const of = (what) => spread(runs.map((run) => run[what]));
      rows.push([name, way, of('seconds'), of('cpu'), ...costs]);
    }
  }
  console.log(`\n${tests} tests of ${ms} ms, ${MB} MB of live heap, ${repetitions} repetitions\n`);
  printTable(['runner', 'firstchance', 's', 'processor s', 'costs (median)', 'ratio'], rows);
}

async function inTurns(name, modules, repetitions, size) {
  const ways = Object.keys(RUNNERS[name].ways);
  const times = Object.fromEntries(ways.map((way) => [way, []]));
  for (let turn = 0; turn < repetitions; turn++) {
    // The one that comes first changes: what else the machine does favours none.
    for (const way of turn % 2 === 0 ? ways : ways.toReversed()) {
      const run = await suite(RUNNERS[name], way, modules, size);
      times[way].push(run);
      console.error(`  ${name}, ${way}: ${run.seconds.toFixed(2)} s, processor ${run.cpu.toFixed(2)} s`);
    }
  }
  return times;
}

/** One run of a suite, wall and processor time in s. @throws when its tests do not pass, or the session did not see all of them */
async function suite({ command, tests, ways }, way, modules, [count, ms]) {
  const { files = {}, before = [] } = ways[way];
  const folder = mkdtempSync(path.join(path.dirname(modules), 'run-'));
  try {
    const all = { 'package.json': '{}', ...files, ...tests(count, ms) };
    for (const [name, text] of Object.entries(all))
      writeFileSync(path.join(folder, name), typeof text === 'string' ? text : text(count, ms));
    const PATH = `${path.join(modules, '.bin')}:${process.env.PATH}`;
    const own = { SERVER: path.join(fixture('web'), 'bin/web.dll'), MANY_TESTS: String(count), MANY_MS: String(ms) };
    const env = { ...process.env, ...own, PATH };
    const started = performance.now();
    // The shell knows the processor time of all that ended below it.
    const timed = ['-c', 'TIMEFORMAT="cpu %U %S"; time "$@"', 'bash', ...before, ...command];
    const child = spawn('bash', timed, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
    const [code] = await once(child, 'close');
    const seconds = (performance.now() - started) / 1000;
    const seen = way === 'without' ? count : testsSeen(folder);
    if (code !== 0 || seen !== count) throw new Error(`The suite ended with ${code}, ${seen} tests seen:\n${output}`);
    const [, user = 'none', system = 'none'] = /^cpu (\S+) (\S+)$/m.exec(output) ?? [];
    return { seconds, cpu: Number(user) + Number(system) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Tests that the session has heard of. */
function testsSeen(folder) {
  const sessions = path.join(folder, SESSION);
  const [session] = readdirSync(sessions).filter((name) => /^\d/.test(name));
  const lines = readFileSync(path.join(sessions, session, 'manifest.jsonl'), 'utf8')
    .trimEnd()
    .split('\n');
  return lines.map((line) => JSON.parse(line)).filter(isStartedTest).length;
}

/** Hooks of a suite are told as tests of their own. */
const isStartedTest = ({ record, state, title }) =>
  record === 'test' && state === 'started' && !/^(before|after)All$/.test(title.at(-1));
