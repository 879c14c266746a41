import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Job } from './support/job.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), 'firstchance-action-'));

/** The action as GitHub checks it out: its files, nothing built and nothing installed. */
beforeAll(() => {
  for (const name of ['package.json', 'action.yml', 'dist/action'])
    cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the action where npm is this shell script. */
async function withNpm(script: string | undefined) {
  using job = new Job({ action: folder });
  const bin = path.join(job.path, 'bin');
  mkdirSync(bin);
  if (script !== undefined) {
    writeFileSync(path.join(bin, 'npm'), `#!/bin/sh\n${script}\n`);
    chmodSync(path.join(bin, 'npm'), 0o755);
  }
  const PATH = script === undefined ? bin : `${bin}:${process.env.PATH}`;
  return await job.main('a', { run: 'true', upload: 'never', secrets: 'X' }, { PATH });
}

/** What npm install leaves, with a command that says how it was called. */
const INSTALL = `
env | grep ^INPUT_ >&2 && exit 9
echo "$@" > "$3/called"
mkdir -p "$3/node_modules/firstchance/cli"
echo '{"bin":{"firstchance":"cli/run.js"}}' > "$3/node_modules/firstchance/package.json"
echo 'console.log("installed", require("fs").readFileSync(__dirname + "/../../../called", "utf8"));' > "$3/node_modules/firstchance/cli/run.js"`;

test('without a command of its own the project gets the npm package in the version of the action', async () => {
  const step = await withNpm(INSTALL);
  expect(step.stdout).toContain('firstchance: installing firstchance@');
  expect(step.stdout).toMatch(/^installed install --prefix \S+ --ignore-scripts .*firstchance@\d+\.\d+\.\d+$/m);
  expect(step.code).toBe(0);
});

test('npm fails: one sentence with its first line', async () => {
  const step = await withNpm('echo "npm error code E404" >&2; exit 1');
  expect(step.code).toBe(1);
  expect(step.stdout).toMatch(
    /::error::firstchance: Installing firstchance@\S+: npm failed: npm error code E404\. Add firstchance to the devDependencies/,
  );
});

test('there is no npm', async () => {
  const step = await withNpm(undefined);
  expect(step.code).toBe(1);
  expect(step.stdout).toContain('there is no npm on this runner');
});
