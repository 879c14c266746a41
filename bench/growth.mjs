import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { printTable, spread } from './lib/figures.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const cli = path.join(root, 'packages/cli/bin/firstchance.js');
const corpus = path.join(root, 'fixtures/growth-corpus/bin/growth-corpus.dll');
const rightVerdicts = { leak: ['LEAK'], ok: ['PASS'], idle: ['GROWS_WHILE_IDLE'], slowing: ['LEAK', 'INCONCLUSIVE'] };

/**
 * How often a growth check of a real .NET program is right: fixtures/growth-corpus, every case with its label.
 *   npm run bench -- growth [cases as a pattern] [seeds] [quick|thorough] [server]      e.g. growth 'static|cache' 3 quick
 * `server` runs the programs with server GC.
 */
export async function bench([pattern = '.', seeds = '1', mode = 'quick', gc = 'workstation']) {
  const cases = JSON.parse(execFileSync('dotnet', [corpus, '--list'], { encoding: 'utf8' }));
  const chosen = cases.filter(({ name, label }) => new RegExp(pattern).test(`${label}/${name}`));
  const results = [];
  for (const one of chosen) {
    for (let seed = 1; seed <= Number(seeds); seed++) {
      const result = await check(one, seed, mode, gc);
      results.push(result);
      console.error(`${result.right ? ' ' : '✗'} ${one.label}/${one.name} seed ${seed}: ${result.told}`);
    }
  }
  printTable(['case', 'is', 'verdict', 'named', 'rounds', 's'], results.map(rowOf));
  console.log('');
  printTable(
    ['label', 'right', 'LEAK', 'INCONCLUSIVE', 'errors', 'named in the first three', 's min / median / max'],
    sums(results),
  );
}

async function check({ name, label, type, channel, idleSeconds }, seed, mode, gc) {
  const folder = mkdtempSync(path.join(tmpdir(), 'firstchance-bench-'));
  const base = `http://127.0.0.1:${await freePort()}`;
  const idle = idleSeconds > 0 ? ['--idle', `${idleSeconds}s`] : [];
  const options = [
    '--op',
    `POST ${base}/run?n={n}`,
    '--ready',
    `${base}/ready`,
    '--seed',
    String(seed),
    '--json',
    ...idle,
  ];
  const thorough = mode === 'thorough' ? ['--thorough'] : [];
  const command = ['dotnet', corpus, name, '--port', new URL(base).port];
  const started = performance.now();
  try {
    const child = spawn(process.execPath, [cli, 'check', ...options, ...thorough, '-x', folder, '--', ...command], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, DOTNET_gcServer: gc === 'server' ? '1' : '0' },
    });
    const output = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'])
      child[stream].setEncoding('utf8').on('data', (text) => (output[stream] += text));
    await once(child, 'close');
    const seconds = (performance.now() - started) / 1000;
    return judge({ name, label, type, channel }, parse(output), seconds);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The check's document; what the target printed comes before it. */
function parse({ stdout, stderr }) {
  try {
    return JSON.parse(stdout.slice(stdout.lastIndexOf('\n{"schema"') + 1));
  } catch {
    return {
      verdict: 'INFRASTRUCTURE_ERROR',
      reason: stderr.trim().split('\n').at(-1),
      growth: [],
      harmless: [],
      rounds: [],
    };
  }
}

function judge({ name, label, type, channel }, document, seconds) {
  const right = rightVerdicts[label].includes(document.verdict);
  // What hangs on another growing type is shown below that one, not for itself.
  const heads = document.growth.filter(({ heldBy }) => !document.growth.some((one) => one.type && one.type === heldBy));
  const names = heads.map((growth) => growth.type ?? growth.channel);
  const wanted = [type && lastName(type), channel].filter(Boolean);
  const fits = ({ type: named = '', channel: by }) => wanted.includes(lastName(named)) || wanted.includes(by);
  const place = heads.findIndex(fits);
  const named = label === 'ok' || wanted.length === 0 || document.verdict !== 'LEAK' ? null : place + 1;
  const told = `${document.verdict} ${names.slice(0, 3).join(', ')}${right ? '' : ` (${document.reason})`} ${seconds.toFixed(1)} s`;
  return { name, label, right, verdict: document.verdict, named, rounds: document.rounds.length, seconds, told };
}

/** "Corpus.Leaks.StaticList+Node`1[…]" and "…StaticList+Node<System.Int32>" are both "Node". */
const lastName = (type) =>
  type
    .replace(/[<`[].*$/, '')
    .split(/[.+]/)
    .at(-1);

const rowOf = ({ name, label, right, verdict, named, rounds, seconds }) => [
  name,
  label,
  right ? verdict : `**${verdict}**`,
  named === null ? '' : named === 0 ? 'no' : `${named}.`,
  rounds,
  seconds.toFixed(1),
];

function sums(results) {
  return Object.keys(rightVerdicts).map((label) => {
    const own = results.filter((one) => one.label === label);
    const said = (verdict) => own.filter((one) => one.verdict === verdict).length;
    const judged = own.filter(({ named }) => named !== null);
    const found = judged.filter(({ named }) => named > 0 && named <= 3).length;
    const share = (count, all) => (all === 0 ? '' : `${count}/${all}`);
    return [
      label,
      share(own.filter(({ right }) => right).length, own.length),
      said('LEAK'),
      said('INCONCLUSIVE'),
      said('INFRASTRUCTURE_ERROR'),
      share(found, judged.length),
      own.length === 0 ? '' : spread(own.map(({ seconds }) => seconds)),
    ];
  });
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
