import { dotnetWebServer, firstchance } from '@firstchance/playwright';
import { defineConfig } from '@playwright/test';

const url = 'http://127.0.0.1:5005';
// A browser of the system instead of Playwright's own.
const { CHROMIUM } = process.env;

export default firstchance(
  defineConfig({
    testDir: 'test',
    timeout: 10_000,
    use: {
      baseURL: url,
      launchOptions: CHROMIUM ? { executablePath: CHROMIUM, args: ['--no-sandbox'] } : {},
    },
    webServer: dotnetWebServer({ args: ['../shop/bin/Release/net10.0/shop.dll'], url }),
  }),
  { growth: [{ operation: 'GET /products/2' }] },
);
