// npm run example -- vitest|jest|playwright|xunit: builds what it needs and runs one of examples/; the exit code is the suite's own.
import path from 'node:path';
import { buildAll } from './lib/build-steps.mjs';
import { buildExamples, EXAMPLES, hasRunner, placeExampleModules } from './lib/examples.mjs';
import { root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { main, StepError, step } from './lib/step.mjs';

await main(async () => {
  const [name] = process.argv.slice(2);
  const example = Object.hasOwn(EXAMPLES, name ?? '') ? EXAMPLES[name] : undefined;
  if (example === undefined || !hasRunner(name)) {
    const names = Object.keys(EXAMPLES).filter(hasRunner);
    throw new StepError(`Which one? npm run example -- ${names.join('|')}`);
  }
  await buildAll({ forTests: false, fixtures: [] });
  await step('Example', buildExamples);
  await step('Modules of the example', () => placeExampleModules(name));

  const [command, ...args] = example.command;
  const folder = path.join('examples', name);
  process.stdout.write(`
Expected:
  ${example.hang}
  ${example.leak}
  exit code 1

$ cd ${folder} && ${example.command.join(' ')}

`);
  const { code } = await run(command, args, { cwd: path.join(root, folder), env: example.env, show: true });
  process.exitCode = code;
});
