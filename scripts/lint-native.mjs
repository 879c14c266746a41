// Looks at all C++ sources with clang-format and clang-tidy, however long it takes.
import { checkFormat, checkTidy } from './lib/lint-native.mjs';
import { main, step } from './lib/step.mjs';

await main(async () => {
  await step('Format of C++', checkFormat);
  await step('Lint of C++', () => checkTidy());
});
