import { launchingSetup } from './global-setup.ts';
import type { Setup } from './project.ts';

/** The files of a Playwright project for tests that are written as those of the other runners. */
export function playwrightFiles(tests: Readonly<Record<string, string>>, setup: Setup): Record<string, string> {
  const { options = {}, retry, globalSetup, config: own = '', twice } = setup;
  const config = `import { defineConfig } from '@playwright/test';
import { dotnetWebServer, firstchance } from '@firstchance/playwright';

export default firstchance(${twice ? 'firstchance' : ''}(defineConfig({
  testDir: '.',
  reporter: [['list']],
  ${retry ? `retries: ${retry},` : ''}
  ${globalSetup ? "globalSetup: './global-setup.mjs'," : ''}
  ${own}
})), ${JSON.stringify(options)});
`;
  const files = Object.entries(tests).map(([name, body]) => [`${name}.test.mjs`, HEAD + body]);
  // Playwright puts what it writes beside the nearest of these.
  const manifest = '{ "type": "module" }';
  return {
    'package.json': manifest,
    'playwright.config.mjs': config,
    'global-setup.mjs': launchingSetup('@firstchance/playwright'),
    ...Object.fromEntries(files),
  };
}

/** Limits are given to each function, as other runners take them. */
const HEAD = `import { expect, expectNoGrowth, growthTest, launch, test as base } from '@firstchance/playwright';
import { spawn } from 'node:child_process';
const limited = (body, ms) => async () => {
  if (ms !== undefined) base.setTimeout(ms);
  await body();
};
const nextAttempt = () => base.info().retry + 1;
const test = (name, body, ms) => base(name, limited(body, ms));
const beforeAll = (body, ms) => base.beforeAll(limited(body, ms));
const beforeEach = (body, ms) => base.beforeEach(limited(body, ms));
const afterEach = (body, ms) => base.afterEach(limited(body, ms));
`;
