import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { median, printTable, spread } from './figures.mjs';

/** Starts of the command in turns with a Node that does nothing: how long, and how many times that. */
export async function printStart(cli, repetitions) {
  const kinds = {
    'node alone': () => untilEnded(['-e', '0']),
    'firstchance --version': () => untilEnded([cli, '--version']),
    'firstchance runn (wrong usage)': () => untilEnded([cli, 'runn']),
    'firstchance serve, until it is ready': () => untilReady(cli),
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

async function untilEnded(args) {
  const started = performance.now();
  await promisify(execFile)(process.execPath, args).catch(() => {});
  return performance.now() - started;
}

/** Supervisor and engine: what an adapter waits for before the first test. */
async function untilReady(cli) {
  const folder = mkdtempSync(path.join(tmpdir(), 'firstchance-bench-'));
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
