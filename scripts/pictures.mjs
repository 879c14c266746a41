// The pictures of the README, of real runs:   node scripts/pictures.mjs      needs a build, and Chromium at /usr/bin/chromium
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { AnsiUp } from 'ansi_up';
import { chromium } from 'playwright-core';
import { fixtures, root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { main, StepError, step, typed } from './lib/step.mjs';

const images = path.join(root, 'docs/images');
/** What a person would type, and the exit code it has. */
const capture = { args: ['run', '-e', '1', '-n', '3', '--', 'dotnet', 'throw-loop.dll', '--rounds', '40'], code: 0 };
const check = {
  args: ['check', '--op', 'POST /run?kind=leak-static&n={n}', '--', 'dotnet', 'growth-web.dll'],
  code: 90,
};

await main(async () => {
  await mkdir(images, { recursive: true });
  const folder = await mkdtemp(path.join(tmpdir(), 'firstchance-pictures-'));
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    for (const name of ['throw-loop', 'growth-web']) {
      await cp(path.join(fixtures, name, 'bin'), folder, { recursive: true });
    }
    for (const [name, command, place, scheme] of [
      ['run', capture, 'Captures', 'dark'],
      ['check', check, 'Growth checks', 'light'],
    ]) {
      await step(name, async () => {
        const text = await output(command, folder);
        await terminal(browser, text, `${name}.png`);
        const { path: session } = /^report: (?<path>\S+)$/m.exec(stripVTControlCharacters(text)).groups;
        await report(browser, path.join(folder, session), { place, scheme, name: `report-${name}.png` });
      });
    }
  } finally {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  }
});

/** The command as typed and all it wrote, with colours. */
async function output({ args, code: expected }, cwd) {
  const command = path.join(root, 'packages/cli/bin/firstchance.js');
  const { code, output } = await run('node', [command, ...args], { cwd, env: { FORCE_COLOR: '1', NO_COLOR: '' } });
  if (code !== expected) {
    throw new StepError(output);
  }
  return `\u001b[1m$ ${typed('npx', ['firstchance', ...args])}\u001b[22m\n${output.trimEnd()}`;
}

async function terminal(browser, text, name) {
  const page = await browser.newPage({ viewport: { width: 1180, height: 400 } });
  await page.setContent(`<!doctype html><meta charset="utf-8"><style>
    body { margin: 0; background: #16181d; }
    pre { margin: 0; padding: 18px 22px; color: #d7dae0; font: 13px/1.5 'DejaVu Sans Mono', monospace; white-space: pre-wrap; }
  </style><pre>${new AnsiUp().ansi_to_html(text)}</pre>`);
  await page.locator('pre').screenshot({ path: path.join(images, name) });
  await page.close();
}

/** The first thing of its kind in the report, as a person sees it who clicks on it. */
async function report(browser, file, { place, scheme, name }) {
  const page = await browser.newPage({ viewport: { width: 1160, height: 800 }, colorScheme: scheme });
  await page.goto(`file://${file}`);
  await page.getByRole('heading', { name: place }).waitFor();
  await page.locator('main a[href*="0001"]').first().click();
  await page
    .getByRole('heading', { name: /0001|Exception|LEAK/ })
    .first()
    .waitFor();
  await page.screenshot({ path: path.join(images, name) });
  await page.close();
}
