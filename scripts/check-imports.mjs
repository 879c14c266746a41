// Imports go down only: what a package or a layer of the engine may import is written in imports.json.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { importProblems } from './lib/import-rules.mjs';
import { root } from './lib/paths.mjs';
import { main, StepError } from './lib/step.mjs';

await main(async () => {
  const matrix = JSON.parse(await readFile(path.join(root, 'scripts/imports.json'), 'utf8'));
  const problems = await importProblems(root, matrix);
  if (problems.length > 0) {
    throw new StepError(`${problems.join('\n')}\n\nWhat may import what is in scripts/imports.json.`);
  }
});
