import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CaptureFolders, captureName } from './capture-id.ts';

const trigger = { kind: 'first-chance', detail: '' } as const;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ids-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it.each([
  ['System.InvalidOperationException', 'first-chance-InvalidOperationException'],
  ['Shop.Cart+EmptyException', 'first-chance-Cart-EmptyException'],
  ['Lab.GenEx`1+In`1[System.Int32,System.String]', 'first-chance-GenEx-In'],
  ['Lab.Ex<System.Int32>', 'first-chance-Ex'],
  ['../../etc/passwd', 'first-chance-etc-passwd'],
  ['日本', 'first-chance'],
  [null, 'first-chance'],
])('%s is %s', (type, expected) => {
  expect(captureName(trigger, type)).toBe(expected);
});

it('is always one harmless path segment', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (type) => /^[A-Za-z0-9_-]+$/.test(captureName(trigger, type))));
});

it('numbers captures, going on where an earlier session ended, never using a number twice', () => {
  expect(new CaptureFolders(folder).make(trigger, 'A.B').id).toBe('0001-first-chance-B');
  const folders = new CaptureFolders(folder);
  const second = folders.make({ kind: 'deadline', detail: '30 s' });
  expect(second.id).toBe('0002-deadline');
  expect(statSync(second.path).mode & 0o777).toBe(0o700);
  rmSync(second.path, { recursive: true });
  expect(folders.make(trigger).id).toBe('0003-first-chance');
  expect(readdirSync(join(folder, 'captures'))).toHaveLength(2);
});
