import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixture, readCaptures } from '../support/firstchance.ts';
import { Sandbox } from '../support/sandbox.ts';

let sandbox: Sandbox;
let compressed: Buffer;
let plain: Buffer;

beforeAll(async () => {
  sandbox = new Sandbox();
  const program = ['dotnet', fixture('throw-loop'), '--rounds', '1'];
  await sandbox.run(['-mm', '-e', '1', '-n', '1'], program);
  const [capture] = readCaptures(sandbox.session);
  const file = path.join(sandbox.session, capture?.dump?.path ?? '');
  compressed = readFileSync(file);
  const outcome = await sandbox.firstchance(['unpack', file, '-o', path.join(sandbox.path, 'whole.core')]);
  expect(outcome.code).toBe(0);
  plain = readFileSync(path.join(sandbox.path, 'whole.core'));
  expect(plain.length).toBe(capture?.dump?.rawBytes);
});
afterAll(() => sandbox[Symbol.dispose]());

const turned = (bytes: Buffer, at: number) => {
  const copy = Buffer.from(bytes);
  for (let i = at; i < at + 64; i++) copy[i] = (copy[i] ?? 0) ^ 0xff;
  return copy;
};

describe.each<[string, string, () => Buffer, RegExp]>([
  ['an empty file', 'a.core', () => Buffer.alloc(0), /is empty|only 0 bytes/],
  ['a text', 'a.core', () => Buffer.from('this is no dump, only a text that is a bit longer'.repeat(9)), /ELF/],
  ['a plain core cut in the middle', 'a.core', () => plain.subarray(0, plain.length / 2), /it was cut off/],
  ['a plain core cut in its headers', 'a.core', () => plain.subarray(0, 100), /cut off/],
  ['a compressed core cut in the middle', 'a.core.zst', () => compressed.subarray(0, 100_000), /it was cut off/],
  ['a compressed core without its end', 'a.core.zst', () => compressed.subarray(0, -20), /cut off|table/],
  [
    'a compressed core with damaged headers',
    'a.core.zst',
    () => turned(compressed, 64),
    /its beginning cannot be read/,
  ],
])('%s', (_, name, bytes, text) => {
  test.each(['show', 'unpack'])('%s', async (verb) => {
    const file = path.join(sandbox.path, name);
    writeFileSync(file, bytes());
    const before = readdirSync(sandbox.path).sort();
    const to = verb === 'unpack' ? ['-o', path.join(sandbox.path, 'out')] : [];
    const outcome = await sandbox.firstchance([verb, file, ...to]);
    expect(outcome.code).toBe(64);
    expect(outcome.stdout).toBe('');
    expect(outcome.stderr).toMatch(verb === 'show' ? text : /./);
    expect(outcome.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(outcome.stderr).not.toMatch(/^\s+at |Error:|terminate called|undefined/m);
    expect(readdirSync(sandbox.path).sort()).toEqual(before);
    expect(sandbox.leftovers()).toEqual([]);
  });
});

test('a compressed core with a damaged table still unpacks whole', async () => {
  const file = path.join(sandbox.path, 'table.core.zst');
  // In its last entry: a footer of 9 bytes comes behind, and what is further ahead may be the frame that holds the table.
  writeFileSync(file, turned(compressed, compressed.length - 15));
  const shown = await sandbox.firstchance(['show', file]);
  expect(shown.code).toBe(64);
  expect(shown.stderr).toMatch(/^firstchance: .*table.*\n$/);
  const unpacked = await sandbox.firstchance(['unpack', file]);
  expect(unpacked.code).toBe(0);
  expect(readFileSync(path.join(sandbox.path, 'table.core')).equals(plain)).toBe(true);
});
