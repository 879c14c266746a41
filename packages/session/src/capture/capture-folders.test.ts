import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CaptureFolders } from './capture-folders.ts';

const trigger = { kind: 'first-chance', detail: '' } as const;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ids-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

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
