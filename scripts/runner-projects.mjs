// Installs the projects of test runners in fixtures/runners, and places our adapters there as they are built now.
import { installRunnerProjects } from './lib/runner-projects.mjs';
import { main, step } from './lib/step.mjs';

await main(() => step('Projects of test runners', installRunnerProjects));
