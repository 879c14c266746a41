import path from 'node:path';
import { fileURLToPath } from 'node:url';

const runners = fileURLToPath(new URL('../../fixtures/runners', import.meta.url));

/** The smallest project of a runner, with one test that times out while a .NET program runs. */
export interface AdapterProject {
  /** Packages of the runner, and where they are installed. */
  readonly packages: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string>>;
  /** Arguments of Node. */
  readonly start: readonly string[];
}

const from = (project: string, ...names: string[]) =>
  Object.fromEntries(names.map((name) => [name, path.join(runners, project, 'node_modules', name)]));

const TEST = `
let server;
beforeAll(async () => {
  server = await launch('dotnet', [process.env.WEB], { ready: /listening on (\\S+)/ });
}, 60_000);
afterAll(() => server.stop());
test('hangs', async () => { await fetch(server.match[1] + '/hang'); }, 2000);
`;

/** By the name of the adapter's folder. */
export const ADAPTER_PROJECTS: Readonly<Record<string, AdapterProject>> = {
  vitest: {
    packages: from('vitest4', 'vitest'),
    files: {
      'vitest.config.mjs': `import firstchance from '@firstchance/vitest/plugin';
export default { plugins: [firstchance({ dump: 'mini' })] };`,
      'hang.test.mjs': `import { afterAll, beforeAll, test } from 'vitest';
import { launch } from '@firstchance/vitest';${TEST}`,
    },
    start: ['../node_modules/vitest/vitest.mjs', 'run'],
  },
  playwright: {
    packages: from('playwright-newest', '@playwright/test', 'playwright', 'playwright-core'),
    files: {
      'playwright.config.mjs': `import { firstchance } from '@firstchance/playwright';
export default firstchance({ testDir: '.', reporter: 'list' }, { dump: 'mini' });`,
      'hang.spec.mjs': `import { launch, test } from '@firstchance/playwright';
const { afterAll, beforeAll } = test;
let server;
beforeAll(async () => {
  server = await launch('dotnet', [process.env.WEB], { ready: /listening on (\\S+)/ });
});
afterAll(() => server.stop());
test('hangs', async () => {
  test.setTimeout(2000);
  await fetch(server.match[1] + '/hang');
});`,
    },
    start: ['../node_modules/@playwright/test/cli.js', 'test'],
  },
  jest: {
    packages: from('jest30', 'jest', 'jest-environment-node'),
    files: {
      'package.json': '{ "type": "commonjs" }',
      'jest.config.js': `module.exports = { preset: '@firstchance/jest', transform: {} };`,
      'hang.test.js': `const { launch } = require('@firstchance/jest');${TEST}`,
    },
    start: ['../node_modules/jest/bin/jest.js'],
  },
};
