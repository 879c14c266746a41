import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { installed, type Runner } from './project.ts';

/* A user's configuration and tests in TypeScript, against the types of each version of the runners. */

const root = fileURLToPath(new URL('../..', import.meta.url));

const TESTS = (adapter: string) => `
import { attach, checkGrowth, expectNoGrowth, growthTest, launch } from '@firstchance/${adapter}';

const shop = await launch('dotnet', ['shop.dll'], { ready: /listening on (\\S+)/, cwd: '/', env: { A: 'b' } });
const url: string = shop.match[1] ?? shop.output;
await expectNoGrowth(() => fetch(url), { budget: '1KB/op', target: shop });
const { passed, evidence }: { passed: boolean; evidence: string } = await checkGrowth('GET /orders', { target: shop.pid });
growthTest('orders', () => fetch(url), { timeout: 60_000, thorough: true });
export const used = [passed, evidence, (await attach(shop.pid)).runtime, (await shop.stop()).exitCode];
// @ts-expect-error the operation is a function or a request
await expectNoGrowth(7);
`;

const PLAYWRIGHT = `
import { test as plain } from '@playwright/test';
import { dotnetWebServer, expect, growthTest, mergeTests, test as dotnetTest } from '@firstchance/playwright';

const test = mergeTests(dotnetTest, plain.extend<{ shop: string }>({ shop: 'x' }));
test('orders', async ({ dotnet, page, shop }) => {
  const program = await dotnet.launch('dotnet', [shop], { ready: 'listening' });
  await page.goto(program.match[0] ?? '');
  await dotnet.expectNoGrowth(() => page.reload(), { budget: '1KB/op', target: program });
  expect((await program.stop()).exitCode).toBe(0);
});
growthTest('orders', async ({ request }) => void (await request.get('/orders')), { timeout: 60_000 });
// @ts-expect-error the arguments are a list
dotnetWebServer({ args: 'shop.dll' });
`;

const PLAYWRIGHT_CONFIG = `
import firstchance, { dotnetWebServer, firstchance as named } from '@firstchance/playwright';
import { defineConfig, devices } from '@playwright/test';

export const same = named(defineConfig({ projects: [{ name: 'a', use: devices['Desktop Chrome'] }] }));
export default firstchance(
  defineConfig({ webServer: [dotnetWebServer({ args: ['shop.dll'], url: 'http://127.0.0.1:5005', cwd: '..' })] }),
  { dump: 'mini', filter: ['*'], growth: [{ operation: 'GET /orders', idle: '500ms' }] },
);
`;

const CONFIG = `
import firstchance from '@firstchance/vitest/plugin';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [firstchance({ dump: 'mini', filter: ['*'], growth: [{ operation: 'GET /', pid: 'SHOP_PID' }] })],
});
`;

const COMPILER = {
  ...{ module: 'NodeNext', target: 'ES2022', lib: ['ESNext', 'DOM'], types: [], noEmit: true },
  ...{ strict: true, exactOptionalPropertyTypes: true, skipLibCheck: true },
};

test.each([
  ['vitest3', { 'vitest.config.ts': CONFIG, 'a.test.ts': TESTS('vitest') }],
  ['vitest4', { 'vitest.config.ts': CONFIG, 'a.test.ts': TESTS('vitest') }],
  ['vitest5', { 'vitest.config.ts': CONFIG, 'a.test.ts': TESTS('vitest') }],
  [
    'playwright150',
    { 'playwright.config.ts': PLAYWRIGHT_CONFIG, 'a.spec.ts': PLAYWRIGHT, 'b.ts': TESTS('playwright') },
  ],
  [
    'playwright-newest',
    { 'playwright.config.ts': PLAYWRIGHT_CONFIG, 'a.spec.ts': PLAYWRIGHT, 'b.ts': TESTS('playwright') },
  ],
  ['jest30', { 'a.test.mts': TESTS('jest') }],
])('%s', async (project, files) => {
  const kind = /^[a-z]+/.exec(project)?.[0] as Runner['kind'];
  const runs = path.join(installed({ project, kind }), '.runs');
  mkdirSync(runs, { recursive: true });
  const folder = mkdtempSync(path.join(runs, 'types-'));
  try {
    const config = { compilerOptions: COMPILER, include: ['*.ts', '*.mts'] };
    for (const [name, text] of Object.entries({ ...files, 'tsconfig.json': JSON.stringify(config) }))
      writeFileSync(path.join(folder, name), text);
    expect(await compile(folder)).toBe('');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

function compile(folder: string): Promise<string> {
  const tsc = path.join(root, 'node_modules/.bin/tsc');
  return new Promise((resolve) => execFile(tsc, ['-p', folder], (_error, stdout, stderr) => resolve(stdout + stderr)));
}
