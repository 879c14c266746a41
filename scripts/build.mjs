// npm run build: everything a user or developer needs, from a fresh clone; fast when nothing changed.
import { buildAll } from './lib/build-steps.mjs';
import { allFixtures } from './lib/fixtures.mjs';
import { main } from './lib/step.mjs';

await main(() => buildAll({ forTests: false, fixtures: allFixtures }));
