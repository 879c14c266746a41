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
    'global-setup.mjs': SHOP,
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

/** Ends with what globalSetup returns, as users do. */
const SHOP = `import { launch } from '@firstchance/playwright';

export default async function setup() {
  const shop = await launch('dotnet', [process.env.SHOP, '--urls', 'http://127.0.0.1:0'], {
    ready: /listening on: (\\S+)/,
    env: { Logging__LogLevel__Default: 'Information' },
  });
  process.env.SHOP_URL = shop.match[1];
  process.env.SHOP_PID = String(shop.pid);
  return () => shop.stop();
}
`;
