import { cpSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { firstchance, temporaryFolder } from '../support/firstchance.ts';
import { inMatrix } from '../support/scope.ts';
import { launchBrowser, openReport } from './support/browser.ts';
import { writeHostileSession } from './support/hostile-session.ts';
import { writeSampleSession } from './support/sample-session.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const folder = temporaryFolder();
let browser: Browser;
const report = (name: string) => path.join(folder.path, name, 'report.html');

beforeAll(async () => {
  writeSampleSession(path.join(folder.path, 'some'), { captures: 6, checks: 5, tests: 40 });
  writeSampleSession(path.join(folder.path, 'many'), { captures: 200, checks: 500, tests: 400 });
  writeHostileSession(path.join(folder.path, 'hostile'));
  for (const name of ['some', 'many', 'hostile']) {
    expect(await firstchance(['report', path.join(folder.path, name)])).toMatchObject({ code: 0, stderr: '' });
  }
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  folder[Symbol.dispose]();
});

const VIEWS = [
  ...['overview', 'checks', 'check/GET%20%2Forders%2F0', 'check/GET%20%2Forders%2F3'],
  ...['captures', 'capture/0001-first-chance-KeyNotFoundException', 'capture/0002-deadline'],
  ...['tests', 'ledger', 'memory', 'run', 'capture/none'],
];

async function go(page: Page, view: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = `#/${hash}`;
  }, view);
  await page.locator('h1').first().waitFor();
}

async function violations(page: Page): Promise<string[]> {
  return await page.evaluate(async (script) => {
    const scope = window as unknown as {
      axe?: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    // biome-ignore lint/security/noGlobalEval: the page's own policy allows no other way in for a test's script
    if (!scope.axe) eval(script);
    const found = await scope.axe?.run();
    return (found?.violations ?? []).map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`);
  }, axe);
}

/** Each scheme and each width in plain runs; colours and layout have little to do with each other. */
const SCREENS = [
  ['light', 1280],
  ['dark', 390],
  ...(inMatrix
    ? ([
        ['light', 390],
        ['dark', 1280],
      ] as const)
    : []),
] as const;

test.each(SCREENS)(
  'in %s, at %d px, every view is accessible, fits, and makes no error',
  async (colorScheme, width) => {
    // The policy of the page forbids foreign scripts; axe is one.
    const { page, trouble } = await openReport(browser, report('some'), {
      ...{ colorScheme, viewport: { width, height: 800 }, bypassCSP: true },
    });
    for (const view of VIEWS) {
      await go(page, view);
      await page.evaluate(() => {
        for (const details of document.querySelectorAll('main details')) (details as HTMLDetailsElement).open = true;
      });
      expect(await violations(page), view).toEqual([]);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow, `${view} is wider than the window`).toBeLessThanOrEqual(0);
    }
    expect(trouble).toEqual([]);
    await page.close();
  },
);

test('by keyboard alone: skip, search, open, next, back, keys, colours', async () => {
  const { page, trouble } = await openReport(browser, report('some'));
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('to the content');
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');

  await page.keyboard.press('c');
  await page.locator('h1', { hasText: '6 captures' }).waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.locator('h1', { hasText: 'deadline' }).waitFor();
  await page.keyboard.press('j');
  await page.locator('h1', { hasText: 'memory' }).waitFor();
  await page.keyboard.press('k');
  await page.locator('h1', { hasText: 'deadline' }).waitFor();

  await page.keyboard.press('/');
  await page.keyboard.type('sessionstore');
  await page.locator('h1', { hasText: 'hit' }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.locator('h1', { hasText: 'GET /orders/0' }).waitFor();
  expect(await page.getByRole('searchbox').inputValue()).toBe('');

  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  expect(await page.getByRole('dialog').count()).toBe(0);
  const before = await page.evaluate(() => document.documentElement.dataset.theme);
  await page.keyboard.press('d');
  expect(await page.evaluate(() => document.documentElement.dataset.theme)).not.toBe(before);
  await page.keyboard.press('o');
  await page.locator('h1', { hasText: 'INFRASTRUCTURE ERROR' }).waitFor();
  expect(trouble).toEqual([]);
  await page.close();
});

test('search finds messages, tests, frames of any stack, types left behind and problems, and says when there is nothing', async () => {
  const { page, trouble } = await openReport(browser, report('some'));
  const search = page.getByRole('searchbox');
  const hits = async (query: string) => {
    await search.fill(query);
    await page.locator('h1', { hasText: new RegExp(`“${query.replace(/[()]/g, '\\$&')}”|Nothing`) }).waitFor();
    return await page.locator('main section h2').allTextContents();
  };
  expect(await hits('order-5')).toEqual(['Captures']);
  expect(await hits('Stock.Reserve')).toEqual(['Captures']);
  expect(await hits('ENOSPC')).toEqual(['Problems']);
  expect(await hits('paid once (39)')).toEqual(['Tests', 'Left in memory']);
  expect(await hits('shop.orderline')).toEqual(['Left in memory']);
  expect(await hits('leak /orders/0')).toEqual(['Growth checks']);
  expect(await hits('nothing of this kind')).toEqual([]);
  expect(await page.locator('h1').textContent()).toBe('Nothing found');
  await search.press('Escape');
  await page.locator('h1', { hasText: 'INFRASTRUCTURE ERROR' }).waitFor();
  expect(trouble).toEqual([]);
  await page.close();
});

test('what is awaited comes before threads that run nothing of the program, else behind them', async () => {
  const sample = fileURLToPath(new URL('../../packages/report/src/testing/sessions/hang', import.meta.url));
  const headings = async (name: string) => {
    expect(await firstchance(['report', path.join(folder.path, name)])).toMatchObject({ code: 0 });
    const { page } = await openReport(browser, report(name), { viewport: { width: 1280, height: 800 } });
    await go(page, 'capture/0001-deadline');
    return await page.locator('h2').allTextContents();
  };
  const order = [expect.stringMatching(/^Threads/), expect.stringMatching(/^Waiting async methods/)];
  cpSync(sample, path.join(folder.path, 'own'), { recursive: true });
  expect((await headings('own')).slice(0, 2)).toEqual(order);
  cpSync(sample, path.join(folder.path, 'foreign'), { recursive: true });
  const file = path.join(folder.path, 'foreign/captures/0001-deadline/capture.json');
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll('"hang.dll"', '"NUnit3.TestAdapter.dll"'));
  expect((await headings('foreign')).slice(0, 2)).toEqual(order.reverse());
});

test('the treemap goes into what it shows, and tells what keeps it', async () => {
  const { page, trouble } = await openReport(browser, report('some'));
  await go(page, 'capture/0001-first-chance-KeyNotFoundException');
  await page.getByRole('button', { name: /^List<Session>, 5\.1 MB/ }).press('Enter');
  const kept = page.getByRole('list', { name: 'what keeps it' }).getByRole('listitem');
  expect(await kept.allTextContents()).toEqual([
    expect.stringContaining('SessionStore'),
    expect.stringContaining('List<Session>'),
  ]);
  await page
    .getByRole('navigation', { name: 'place in the treemap' })
    .getByRole('button', { name: /SessionStore/ })
    .waitFor();
  expect(await page.getByRole('button', { name: /^Dictionary/ }).count()).toBe(0);
  await page.getByRole('button', { name: /^all 18 MB/ }).click();
  await page.getByRole('button', { name: /^Dictionary/ }).waitFor();
  expect(trouble).toEqual([]);
  await page.close();
});

test('a check shows every channel that moved as plots that hold ink, the rest as text', async () => {
  const { page } = await openReport(browser, report('some'));
  await go(page, 'check/GET%20%2Forders%2F0');
  const plots = page.getByRole('img', { name: /over the rounds$/ });
  expect(await plots.count()).toBeGreaterThan(4);
  const inked = await page.locator('.plot canvas').evaluateAll((all) =>
    all.map((one) => {
      const canvas = one as HTMLCanvasElement;
      const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      return [...pixels].filter((value, index) => index % 4 === 3 && value > 0).length;
    }),
  );
  expect(Math.min(...inked)).toBeGreaterThan(500);
  expect(await page.getByText('GC handles 212').count()).toBe(1);
  await page.locator('summary', { hasText: 'all values by round' }).click();
  expect(await page.locator('table tbody tr').count()).toBe(24);
  await page.close();
});

test('200 captures and 500 checks: below 5 MB; times are told, not judged', async () => {
  expect(statSync(report('many')).size).toBeLessThan(5_000_000);
  const started = performance.now();
  const { page, trouble } = await openReport(browser, report('many'));
  const times: Record<string, number> = { open: performance.now() - started };
  const timed = async (name: string, act: () => Promise<unknown>) => {
    const from = performance.now();
    await act();
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    times[name] = performance.now() - from;
  };
  await timed('500 checks', () => go(page, 'checks'));
  expect(await page.locator('main [data-entry]').count()).toBe(500);
  await timed('200 captures', () => go(page, 'captures'));
  expect(await page.locator('main [data-entry]').count()).toBe(200);
  await timed('a check', () => go(page, 'check/GET%20%2Forders%2F25'));
  await timed('search', () => page.getByRole('searchbox').fill('find16 orders'));
  expect(await page.locator('main [data-entry]').count()).toBeGreaterThan(0);
  console.log(
    Object.entries(times)
      .map(([name, ms]) => `${name} ${Math.round(ms)} ms`)
      .join(' · '),
  );
  expect(trouble).toEqual([]);
  await page.close();
});

test('hostile names do nothing in the page', async () => {
  const { page, trouble } = await openReport(browser, report('hostile'));
  for (const view of ['overview', 'checks', 'captures', 'tests', 'ledger', 'run']) await go(page, view);
  for (const link of await page.evaluate(() => {
    location.hash = '#/captures';
    return new Promise<string[]>((resolve) =>
      requestAnimationFrame(() =>
        resolve([...document.querySelectorAll('main a')].map((one) => one.getAttribute('href') ?? '')),
      ),
    );
  })) {
    expect(link).toMatch(/^#\/capture\//);
    await go(page, link.slice(2));
    expect(await page.locator('h1').count()).toBe(1);
  }
  expect(await page.locator('img:not([role])').count()).toBe(0);
  expect(await page.locator('script').count()).toBe(2);
  expect(trouble).toEqual([]);
  await page.close();
});

test('on paper: light whatever the screen is, opened up, without what only a screen needs', async () => {
  const { page } = await openReport(browser, report('some'), { colorScheme: 'dark' });
  await go(page, 'check/GET%20%2Forders%2F0');
  // What a printer gets: the canvases as they are when the page has been told that it will be printed.
  const lightest = () =>
    page
      .locator('.plot canvas')
      .first()
      .evaluate((one) => {
        const canvas = one as HTMLCanvasElement;
        const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
        const shade = [...pixels].findIndex((value, index) => index % 4 === 3 && value === 255);
        return Math.max(pixels[shade - 3] ?? 0, pixels[shade - 2] ?? 0, pixels[shade - 1] ?? 0);
      });
  expect(await lightest()).toBeLessThan(128);
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  expect(await lightest()).toBeGreaterThan(180);
  expect(await page.locator('details:not([open])').count()).toBe(0);
  const pdf = await page.pdf({ format: 'A4', printBackground: true });
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  await page.emulateMedia({ media: 'print' });
  expect(await page.locator('header').isVisible()).toBe(false);
  expect(await page.getByRole('navigation').filter({ visible: true }).count()).toBe(0);
  await page.close();
});

test('a page whose data is missing says what to do', async () => {
  const template = createRequire(import.meta.url).resolve('../../packages/report-html/dist/page/index.html');
  const page = await browser.newPage();
  await page.goto(`file://${template}`);
  await page.getByText('This page holds no session').waitFor();
  await page.close();
});
