import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makePrivateFolder, sweepPrivateFolders } from './private-folder.ts';

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'p-'));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

it('is private, short, and gone when disposed', () => {
  const folder = makePrivateFolder({ XDG_RUNTIME_DIR: base });
  expect(folder.path.startsWith(base)).toBe(true);
  expect(statSync(folder.path).mode & 0o777).toBe(0o700);
  folder[Symbol.dispose]();
  expect(existsSync(folder.path)).toBe(false);
});

it('goes elsewhere when the path would be too long for a socket or the folder is not there', () => {
  const long = join(base, 'x'.repeat(90));
  mkdirSync(long);
  for (const place of [long, join(base, 'missing')]) {
    const folder = makePrivateFolder({ XDG_RUNTIME_DIR: place });
    expect(folder.path.startsWith(place)).toBe(false);
    expect(folder.path.length).toBeLessThan(84);
    folder[Symbol.dispose]();
  }
});

it('removes what dead sessions left, nothing else', () => {
  const namespace = /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0];
  const dead = spawnSync('true').pid;
  const left = join(base, `fc-${namespace}-${dead}-12345-00112233`);
  const otherNamespace = join(base, `fc-1-${dead}-12345-00112233`);
  const foreign = join(base, 'fc-notes');
  for (const path of [left, otherNamespace, foreign]) mkdirSync(path);
  const alive = makePrivateFolder({ XDG_RUNTIME_DIR: base });
  expect(existsSync(left)).toBe(false);
  expect(sweepPrivateFolders(base)).toEqual([]);
  expect([existsSync(otherNamespace), existsSync(foreign), existsSync(alive.path)]).toEqual([true, true, true]);
  alive[Symbol.dispose]();
});
