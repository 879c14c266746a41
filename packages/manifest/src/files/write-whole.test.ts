import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeWhole } from './write-whole.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'whole-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('takes the place of what was there, and is private', () => {
  const path = join(folder, 'a.json');
  writeWhole(path, 'old');
  writeWhole(path, ['n', 'ew']);
  expect(readFileSync(path, 'utf8')).toBe('new');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['a.json']);
});

it('leaves nothing, and the old file, when a piece fails', () => {
  const path = join(folder, 'a.json');
  writeWhole(path, 'old');
  const pieces = function* () {
    yield 'half';
    throw new Error('no more');
  };
  expect(() => writeWhole(path, pieces())).toThrow('no more');
  expect(readFileSync(path, 'utf8')).toBe('old');
  expect(readdirSync(folder)).toEqual(['a.json']);
});
