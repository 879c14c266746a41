import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';
import { expect } from 'vitest';

const golden = fileURLToPath(new URL('../golden', import.meta.url));
/** The browser that drew what is in the repository. */
const drawnBy = path.join(golden, 'browser.txt');
/** Share of pixels. Another release of the browser draws fonts a little otherwise; what moved or vanished is more than that. */
const MOST_DIFFERENT = { sameBrowser: 0.001, other: 0.03 };

/**
 * Compares a screenshot with the one in the repository; `npm run golden` takes the new one instead. What differs is written to a
 * folder that the message names.
 * @param browser its version
 */
export function expectSamePicture(name: string, taken: Buffer, browser: string): void {
  const file = path.join(golden, `${name}.png`);
  if (process.env.FIRSTCHANCE_GOLDEN === '1') {
    mkdirSync(golden, { recursive: true });
    writeFileSync(file, taken);
    writeFileSync(drawnBy, `${browser}\n`);
    return;
  }
  expect(existsSync(file), `${file} is missing: npm run golden`).toBe(true);
  const before = PNG.sync.read(readFileSync(file));
  const now = PNG.sync.read(taken);
  expect([now.width, now.height]).toEqual([before.width, before.height]);
  const picture = new PNG({ width: now.width, height: now.height });
  const different = pixelmatch(before.data, now.data, picture.data, now.width, now.height, { threshold: 0.2 });
  const share = different / (now.width * now.height);
  const same = readFileSync(drawnBy, 'utf8').trim() === browser;
  if (share <= MOST_DIFFERENT[same ? 'sameBrowser' : 'other']) return;
  const folder = path.join(tmpdir(), 'firstchance-screenshots');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, `${name}.png`), taken);
  writeFileSync(path.join(folder, `${name}.difference.png`), PNG.sync.write(picture));
  expect.fail(`${name} looks different: ${(100 * share).toFixed(2)} % of its pixels; see ${folder}`);
}
