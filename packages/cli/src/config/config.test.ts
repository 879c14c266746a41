import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadConfig } from './load.ts';
import { configSchema } from './schema.ts';
import { validateConfig } from './validate.ts';

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

it.each([
  [{ deadlne: '3s' }, 'c: unknown key "deadlne"; did you mean "deadline"?'],
  [{ xyzzyplugh: 1 }, /^c: unknown key "xyzzyplugh"; known are exceptions, /],
  [{ deadline: 'soon' }, 'c: "deadline" is "soon"; write a time like 500ms, 30s, 10m or 1h30m'],
  [{ dump: 'huge' }, 'c: "dump" is "huge"; it must be one of mini, heap, full, none'],
  [{ raw: 'yes' }, 'c: "raw" is "yes"; it must be true or false'],
  [{ filter: [1] }, 'c: "filter" is [1]; it must be a text or a list of texts'],
  [{ json: true }, /unknown key "json"/],
  [[], /must be an object/],
])('names the key: %j', (content, message) => {
  expect(() => validateConfig(content, 'c')).toThrow(message);
});

it('says in one line what is wrong with a broken file', async () => {
  writeFileSync(join(folder, 'firstchance.config.json'), '{ nope');
  await expect(loadConfig(folder)).rejects.toThrow(/^firstchance\.config\.json could not be read: [^\n]*$/);
});

it('describes every key in its schema', () => {
  const { properties } = configSchema() as { properties: Record<string, { description?: string }> };
  expect(properties.deadline).toMatchObject({ type: ['number', 'string'] });
  expect(properties.dump).toMatchObject({ enum: ['mini', 'heap', 'full', 'none'], default: 'heap' });
  expect(properties).not.toHaveProperty('json');
});
