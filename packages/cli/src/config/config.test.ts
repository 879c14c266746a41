import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadConfig } from './load.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'config-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it.each([
  ['firstchance.config.json', '{ "$schema": "x", "deadline": "30s", "count": 3, "filter": "*Timeout*", "raw": true }'],
  ['firstchance.config.mjs', 'export default { deadline: "30s", count: 3, filter: ["*Timeout*"], raw: true };'],
  [
    'firstchance.config.ts',
    'const count: number = 3;\nexport default { deadline: "30s", count, filter: ["*Timeout*"], raw: true };',
  ],
])('reads %s', async (name, content) => {
  writeFileSync(join(folder, name), content);
  expect(await loadConfig(folder)).toEqual({
    file: name,
    values: { deadline: 30_000, count: 3, filter: ['*Timeout*'], raw: true },
  });
});

it('is content without one, and wants no two', async () => {
  expect(await loadConfig(folder)).toBeUndefined();
  for (const name of ['firstchance.config.json', 'firstchance.config.mjs']) writeFileSync(join(folder, name), '{}');
  await expect(loadConfig(folder)).rejects.toThrow(/keep one of them/);
});

it('says in one line what is wrong with a broken file', async () => {
  writeFileSync(join(folder, 'firstchance.config.json'), '{ nope');
  await expect(loadConfig(folder)).rejects.toThrow(/^firstchance\.config\.json could not be read: [^\n]*$/);
});
