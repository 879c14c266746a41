import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { median, printTable, spread } from './lib/figures.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const fixture = (name) => path.join(root, 'fixtures', name, 'bin', `${name}.dll`);
const MB = 64;

/** A runner of fixtures/runners, its configuration with and without the adapter, and a test of it. */
const RUNNERS = {
  vitest: {
    project: 'vitest4',
    args: ['run', '--no-color'],
    head: "import { test } from 'vitest';",
    files: {
      without: { 'vitest.config.mjs': 'export default {};' },
      with: {
        'vitest.config.mjs': `import firstchance from '@firstchance/vitest/plugin';
export default { plugins: [firstchance()] };`,
      },
    },
    test: 'work.test.mjs',
  },
  jest: {
    project: 'jest30',
    args: ['--no-color'],
    head: '',
    files: {
      without: { 'jest.config.js': 'module.exports = { transform: {} };' },
      with: { 'jest.config.js': "module.exports = { preset: '@firstchance/jest', transform: {} };" },
    },
    test: 'work.test.js',
  },
};

/**
 * What an adapter costs a suite in which nothing happens: wall time with it and without it in turns, and how long the session
 * takes to start before the first test.
 *   npm run bench -- adapters [runners, all by default] [repetitions] [tests] [ms of a test]      e.g. adapters vitest 3 300 50
 * The tests ask a .NET server with 64 MB of live heap, which the runner's main process does not start: it is the same one for
 * both, with the agent in neither.
 */
export async function bench([names = Object.keys(RUNNERS).join(), repetitions = '3', tests = '300', ms = '50']) {
  await printStart(Number(repetitions) * 3);
  const rows = [];
  for (const name of names.split(',')) {
    const times = { without: [], with: [] };
    for (let turn = 0; turn < Number(repetitions); turn++) {
      // The one that comes first changes: what the machine does besides favours neither.
      for (const kind of turn % 2 === 0 ? ['without', 'with'] : ['with', 'without']) {
        const seconds = await suite(RUNNERS[name], kind, Number(tests), Number(ms));
        times[kind].push(seconds);
        console.error(`  ${name} ${kind} the adapter: ${seconds.toFixed(2)} s`);
      }
    }
    const ratios = times.with.map((seconds, index) => seconds / times.without[index]);
    rows.push([
      RUNNERS[name].project,
      spread(times.without, 2),
      spread(times.with, 2),
      `${((median(ratios) - 1) * 100).toFixed(1)} %`,
      spread(ratios, 3),
    ]);
  }
  console.log(`\n${tests} tests of ${ms} ms against a server with ${MB} MB of live heap, ${repetitions} repetitions\n`);
  printTable(['runner', 'without s', 'with s', 'costs (median)', 'ratio'], rows);
}

/** One run of a suite, in s. @throws when its tests do not pass, or the adapter did not see them */
async function suite({ project, args, head, files, test }, kind, tests, ms) {
  const modules = path.join(root, 'fixtures/runners', project);
  const runs = path.join(modules, '.runs');
  mkdirSync(runs, { recursive: true });
  const folder = mkdtempSync(path.join(runs, 'bench-'));
  const server = await startServer();
  try {
    const body = `${head}
for (let index = 0; index < ${tests}; index++) {
  test('works ' + index, async () => {
    const started = performance.now();
    await (await fetch(process.env.SERVER)).text();
    await new Promise((resolve) => setTimeout(resolve, ${ms} - (performance.now() - started)));
  });
}`;
    const all = { 'package.json': '{}', ...files[kind], [test]: body };
    for (const [name, text] of Object.entries(all)) writeFileSync(path.join(folder, name), text);
    const started = performance.now();
    const runner = path.join(modules, 'node_modules/.bin', test.includes('.mjs') ? 'vitest' : 'jest');
    const child = spawn(runner, args, { cwd: folder, env: { ...process.env, SERVER: server.url }, stdio: 'pipe' });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
    const [code] = await once(child, 'close');
    const seconds = (performance.now() - started) / 1000;
    const seen = kind === 'with' ? testsSeen(folder) : tests;
    if (code !== 0 || seen !== tests) throw new Error(`The suite ended with ${code}, ${seen} tests seen:\n${output}`);
    return seconds;
  } finally {
    server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function testsSeen(folder) {
  const sessions = path.join(folder, '.firstchance');
  const [session] = readdirSync(sessions).filter((name) => /^\d/.test(name));
  const lines = readFileSync(path.join(sessions, session, 'manifest.jsonl'), 'utf8')
    .trimEnd()
    .split('\n');
  return lines.map((line) => JSON.parse(line)).filter((one) => one.record === 'test' && one.state === 'passed').length;
}

/** The web fixture with its heap filled. */
async function startServer() {
  const child = spawn('dotnet', [fixture('web')], { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise((resolve) => {
    let output = '';
    child.stdout.on('data', (text) => {
      output += text;
      const match = /listening on (\S+)/.exec(output);
      if (match) resolve(match[1]);
    });
  });
  await (await fetch(`${url}/allocate?mb=${MB}`)).text();
  return { url, stop: () => child.kill('SIGKILL') };
}

/** The session's server from its start to its first line, in turns with a Node that does nothing; and other commands. */
async function printStart(repetitions) {
  const cli = path.join(root, 'packages/cli/bin/firstchance.js');
  const kinds = {
    'node alone': () => timeOf(['-e', '0']),
    'firstchance --version': () => timeOf([cli, '--version']),
    'firstchance runn (wrong usage)': () => timeOf([cli, 'runn']),
    'firstchance serve, until it is ready': () => timeUntilReady(cli),
  };
  const times = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, []]));
  for (let turn = 0; turn < repetitions; turn++)
    for (const [kind, measure] of Object.entries(kinds)) times[kind].push(await measure());
  const bare = median(times['node alone']);
  printTable(
    ['start', 'ms', 'times Node alone'],
    Object.entries(times).map(([kind, values]) => [kind, spread(values, 0), `${(median(values) / bare).toFixed(1)}×`]),
  );
}

async function timeOf(args) {
  const started = performance.now();
  await promisify(execFile)(process.execPath, args).catch(() => {});
  return performance.now() - started;
}

async function timeUntilReady(cli) {
  const folder = mkdtempSync(path.join(root, 'fixtures/runners/.bench-'));
  try {
    const started = performance.now();
    const child = spawn(process.execPath, [cli, 'serve'], { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    const ms = performance.now() - started;
    child.stdin.end();
    await once(child, 'exit');
    return ms;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
