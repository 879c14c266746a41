// npm run bundle: makes dist/action, which GitHub runs and which is committed. --check only compares.
import { staleFiles, writeBundle } from './lib/action-bundle.mjs';
import { main, StepError, step } from './lib/step.mjs';

await main(async () => {
  if (!process.argv.includes('--check')) {
    await step('Bundle of the action', writeBundle);
    return;
  }
  const stale = await staleFiles();
  if (stale.length > 0) {
    throw new StepError(
      `dist/action is not what the sources give: ${stale.join(', ')}.\nMake it again: npm run bundle`,
    );
  }
});
