import { spawnSync } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { printTable } from './lib/figures.mjs';
import { writeJobs } from './lib/many-jobs.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const cli = path.join(here, '../packages/cli/bin/firstchance.js');
const hook = pathToFileURL(path.join(here, 'lib/peak-memory.mjs')).href;
const FORMS = ['junit', 'markdown', 'html', 'sarif', 'annotations', 'json'];

/**
 * Most memory (MB) and processor time (s) of merging the sessions of many jobs, and of each report of the merged session.
 *   npm run bench -- reports [1,20,200]
 */
export async function bench([jobs = '1,20,200']) {
  const rows = [];
  for (const count of jobs.split(',').map(Number)) {
    const folder = mkdtempSync(path.join(tmpdir(), 'firstchance-bench-'));
    try {
      rows.push(measure(folder, count));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  console.log('MB of memory at most, s of processor time:\n');
  printTable(
    ['jobs', 'manifests MB', 'their documents MB', 'merge with reports', ...FORMS.map((form) => `--${form}`)],
    rows,
  );
}

function measure(folder, jobs) {
  const { folders, manifestBytes, documentBytes } = writeJobs(path.join(folder, 'jobs'), jobs);
  const merged = path.join(folder, 'all');
  const run = (...args) => {
    const peak = path.join(folder, 'peak');
    const env = { ...process.env, NODE_OPTIONS: `--import=${hook}`, PEAK_MEMORY: peak };
    const stdio = ['ignore', openSync(path.join(folder, 'out'), 'w'), 'inherit'];
    if (spawnSync(process.execPath, [cli, ...args], { env, stdio }).status !== 0) throw new Error(`${args[0]} failed`);
    const { kB, ms } = JSON.parse(readFileSync(peak, 'utf8'));
    return `${(kB / 1024).toFixed(0)}, ${(ms / 1000).toFixed(1)}`;
  };
  const merge = run('merge', '-x', merged, ...folders);
  const sizes = [manifestBytes, documentBytes].map((bytes) => (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0));
  return [jobs, ...sizes, merge, ...FORMS.map((form) => run('report', merged, `--${form}`))];
}
