import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { firstchance, temporaryFolder } from '../support/firstchance.ts';
import { launchBrowser, openReport } from './support/browser.ts';
import { expectSamePicture } from './support/same-picture.ts';
import { writeSampleSession } from './support/sample-session.ts';

/* The report looks as it did when somebody last looked at it. */

const folder = temporaryFolder();
const session = path.join(folder.path, 'some');
let browser: Browser;

beforeAll(async () => {
  writeSampleSession(session, { captures: 6, checks: 5, tests: 40 });
  expect(await firstchance(['report', session])).toMatchObject({ code: 0, stderr: '' });
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  folder[Symbol.dispose]();
});

const VIEWS = {
  overview: 'overview',
  check: 'check/GET%20%2Forders%2F3',
  capture: 'capture/0001-first-chance-KeyNotFoundException',
  ledger: 'ledger',
  memory: 'memory',
};

test.each(['light', 'dark'] as const)('in %s', async (colorScheme) => {
  const { page } = await openReport(browser, path.join(session, 'report.html'), {
    ...{ colorScheme, locale: 'en-US', timezoneId: 'UTC', reducedMotion: 'reduce' },
    viewport: { width: 1000, height: 1000 },
  });
  for (const [name, view] of Object.entries(VIEWS)) {
    // One picture of each view; in the dark of those with most kinds of parts.
    if (colorScheme === 'dark' && name !== 'check' && name !== 'capture') continue;
    await page.evaluate((hash) => {
      location.hash = `#/${hash}`;
    }, view);
    await page.locator(`a[aria-current="page"]`).first().waitFor();
    await page.evaluate(() => document.fonts.ready);
    const taken = await page.screenshot({ animations: 'disabled', caret: 'hide' });
    expectSamePicture(`${name}-${colorScheme}`, taken, browser.version());
  }
  await page.close();
});
