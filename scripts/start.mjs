// npm start: twenty small heap dumps at twenty first-chance exceptions of a live .NET program, and one of them in full.
import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  buildFixtures,
  buildNative,
  buildTypeScript,
  installModules,
  installSystemPackages,
} from './lib/build-steps.mjs';
import { demoFixtures } from './lib/fixture-list.mjs';
import { fixtures, root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { main, StepError } from './lib/step.mjs';

const cli = path.join(root, 'packages/cli/bin/firstchance.js');

async function firstchance(...args) {
  const shown = args.map((arg) => (path.relative(root, arg).startsWith('..') ? arg : path.relative(root, arg) || arg));
  process.stdout.write(`\n$ npx firstchance ${shown.join(' ')}\n\n`);
  const { code } = await run('node', [cli, ...args], { cwd: root });
  if (code !== 0) {
    throw new StepError(`firstchance ${args[0]} ended with exit code ${code}.`);
  }
}

await main(async () => {
  await installSystemPackages({ forTests: false });
  await installModules();
  await buildNative('release', { tests: false });
  await buildTypeScript();
  await buildFixtures(demoFixtures);

  const folder = await mkdtemp(path.join(tmpdir(), 'firstchance-demo-'));
  const program = path.join(fixtures, 'throw-loop/bin/throw-loop.dll');
  await firstchance('run', '-mh', '-e', '1', '-n', '20', '-x', folder, '--', 'dotnet', program, '--rounds', '20');
  const captures = (await readdir(path.join(folder, 'captures'))).sort();
  const last = path.join(folder, 'captures', captures.at(-1) ?? '');
  await firstchance('show', path.join(last, 'dump.core.zst'));
  process.stdout.write(`
All of it lies in ${folder}:
  manifest.jsonl               one line per event
  captures/<id>/capture.json   exception, stacks, pause, sizes
  captures/<id>/dump.core.zst  the dump; to open it in a debugger:
    npx firstchance unpack ${path.join(last, 'dump.core.zst')}
    lldb --core ${path.join(last, 'dump.core')} dotnet
`);
});
