// npm run build: everything a user or developer needs, from a fresh clone.
import {
  buildFixtures,
  buildNative,
  buildTypeScript,
  installModules,
  installSystemPackages,
} from './lib/build-steps.mjs';
import { demoFixtures } from './lib/fixture-list.mjs';
import { main } from './lib/step.mjs';

await main(async () => {
  await installSystemPackages({ forTests: false });
  await installModules();
  await buildNative('release', { tests: false });
  await buildTypeScript();
  await buildFixtures(demoFixtures);
});
