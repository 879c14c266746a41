// npm start: twenty small heap dumps at twenty first-chance exceptions of a live .NET program, and one of them in full.
import { readdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { buildAll } from './lib/build-steps.mjs';
import { demoFixtures } from './lib/fixtures.mjs';
import { root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { main, StepError } from './lib/step.mjs';

const program = 'fixtures/throw-loop/bin/throw-loop.dll';

async function firstchance(...args) {
  process.stdout.write(`\n$ npx firstchance ${args.join(' ')}\n\n`);
  const { code } = await run('node', ['packages/cli/bin/firstchance.js', ...args], { cwd: root, show: true });
  if (code !== 0) {
    throw new StepError(
      `firstchance ${args[0]} ended with exit code ${code}. What this machine allows: npx firstchance doctor`,
    );
  }
}

await main(async () => {
  await buildAll({ forTests: false, fixtures: demoFixtures });

  await firstchance('run', '-mh', '-e', '1', '-n', '20', '--', 'dotnet', program, '--rounds', '20');
  const session = path.relative(root, await realpath(path.join(root, '.firstchance/latest')));
  const captures = (await readdir(path.join(root, session, 'captures'))).sort();
  // One with an inner exception tells most.
  const shown = captures.find((id) => id.endsWith('OrderUnreadableException')) ?? captures[0];
  if (shown === undefined) {
    throw new StepError('The program ran, but nothing was captured. What this machine allows: npx firstchance doctor');
  }
  const dump = path.join(session, 'captures', shown, 'dump.core.zst');
  await firstchance('show', dump);
  process.stdout.write(`
All of it lies in ${session}:
  manifest.jsonl               one line per event
  captures/<id>/capture.json   exception, stacks, pause, sizes
  captures/<id>/dump.core.zst  the dump; for a debugger:
    npx firstchance unpack ${dump}
    lldb --core ${dump.replace(/\.zst$/, '')} dotnet
`);
});
