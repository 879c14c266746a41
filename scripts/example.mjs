// npm run example -- vitest|jest|xunit: builds what it needs and runs one of examples/; the exit code is the suite's own.
import path from 'node:path';
import { buildAll } from './lib/build-steps.mjs';
import { buildExamples, placeExampleModules } from './lib/examples.mjs';
import { root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { main, StepError, step } from './lib/step.mjs';

/** What a user types in the example's folder, and what is planted there. */
const EXAMPLES = {
  vitest: { command: ['npm', 'test'], ends: 1 },
  jest: { command: ['npm', 'test'], ends: 1 },
  xunit: { command: ['npx', 'firstchance', 'run', '--', 'dotnet', 'test', '-c', 'Release', '--no-build'], ends: 1 },
};

const HANG = 'an order that a voucher pays for hangs: it is captured before its test times out';
const LEAK = {
  vitest: 'looking at a product leaks: a growth test finds Shop.ProductPage and what holds it',
  jest: 'looking at a product leaks: a growth test finds Shop.ProductPage and what holds it',
  xunit: 'a green test leaves 1000 pages behind: the ledger shows Shop.ProductPage',
};

await main(async () => {
  const [name] = process.argv.slice(2);
  const example = Object.hasOwn(EXAMPLES, name ?? '') ? EXAMPLES[name] : undefined;
  if (example === undefined) {
    throw new StepError(`Which one? npm run example -- ${Object.keys(EXAMPLES).join('|')}`);
  }
  await buildAll({ forTests: false, fixtures: [] });
  await step('Example', buildExamples);
  await step('Modules of the example', () => placeExampleModules(name));

  const [command, ...args] = example.command;
  const folder = path.join('examples', name);
  process.stdout.write(`
Expected: ${HANG};
${LEAK[name]}. Exit code ${example.ends}.

$ cd ${folder} && ${example.command.join(' ')}

`);
  const { code } = await run(command, args, { cwd: path.join(root, folder), show: true });
  process.exitCode = code;
});
