// npm run bench -- NAME: measures us and the rival on the same process in one run (bench/NAME.mjs).
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './lib/paths.mjs';
import { main, StepError } from './lib/step.mjs';

await main(async () => {
  const folder = path.join(root, 'bench');
  const names = (await readdir(folder)).filter((file) => file.endsWith('.mjs')).map((file) => file.slice(0, -4));
  const [name, ...args] = process.argv.slice(2);
  if (name === undefined || !names.includes(name)) {
    throw new StepError(`Which one? npm run bench -- ${names.join('|')}`);
  }
  const { bench } = await import(pathToFileURL(path.join(folder, `${name}.mjs`)).href);
  await bench(args);
});
