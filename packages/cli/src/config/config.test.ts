import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
  await expect(loadConfig(folder)).rejects.toThrow(/^firstchance\.config\.json:1 could not be read: [^\n]*$/);
});

const BROKEN = 'export default {\n  dump: "mini",\n  count: = 3,\n};\n';
it.each([
  ['firstchance.config.ts', BROKEN, /^firstchance\.config\.ts:3 could not be read: Unexpected token$/],
  ['firstchance.config.mjs', BROKEN, /^firstchance\.config\.mjs:3 could not be read: \S/],
  [
    'firstchance.config.json',
    '{\n  "dump": "mini",\n  count\n}',
    /^firstchance\.config\.json:3 could not be read: \S[^\n]*$/,
  ],
  ['firstchance.config.ts', '\nexport default { count: (0 as any).a.b };', /^firstchance\.config\.ts:2 could not.*'b'/],
])('says in which line of %s', async (name, content, said) => {
  writeFileSync(join(folder, name), content);
  await expect(loadConfig(folder)).rejects.toThrow(said);
});

it('is looked for in the folder itself, not above it', async () => {
  writeFileSync(join(folder, 'firstchance.config.json'), '{ "count": 3 }');
  mkdirSync(join(folder, 'below'));
  expect(await loadConfig(join(folder, 'below'))).toBeUndefined();
});
