// Formats the C++ sources in place.
import { nativeSources } from './lib/lint-native.mjs';
import { native } from './lib/paths.mjs';
import { main, mustRun } from './lib/step.mjs';

await main(async () => {
  await mustRun('clang-format', ['-i', ...(await nativeSources())], { cwd: native });
});
