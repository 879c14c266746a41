import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ManifestRecord } from '@firstchance/model';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { capture, problem, stamp } from '../testing/records.ts';
import { loadManifest } from './load-manifest.ts';
import { readParts } from './read-parts.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'read-parts-'));
  file = join(folder, 'manifest.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (lines: readonly object[]) =>
  writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));

async function parts(): Promise<string[][]> {
  const all: string[][] = [];
  for await (const { records, damaged, unknown } of readParts(folder))
    all.push([
      ...records.map(({ session, record }) => `${session} ${record}`),
      ...unknown.map(({ record }) => `${record.session} unknown`),
      ...damaged.map(({ line }) => `damaged ${line}`),
    ]);
  return all;
}

it('has a part for each session, and one for those that wrote at the same time', async () => {
  const weather = { record: 'weather', ...stamp, session: 'e' };
  const of = (session: string) => problem('x', session);
  write([of('a'), capture('0001-a', 'a'), of('b'), of('c'), of('b'), of('c'), of('d'), weather]);
  appendFileSync(file, '{"record":');
  expect(await parts()).toEqual([
    ['a problem', 'a capture'],
    ['b problem', 'c problem', 'b problem', 'c problem'],
    ['d problem'],
    ['e unknown', 'damaged 9'],
  ]);
});

it('has one empty part where there is nothing', async () => {
  write([]);
  expect(await parts()).toEqual([[]]);
});

it('does not read what is appended meanwhile: the record would miss the others of its session', async () => {
  write([problem('x', 'a'), problem('x', 'b')]);
  const all: string[] = [];
  for await (const { records } of readParts(folder)) {
    all.push(...records.map(({ session }) => session));
    appendFileSync(file, `${JSON.stringify(problem('late', 'a'))}\n`);
  }
  expect(all).toEqual(['a', 'b']);
});

it('has all records of any manifest, those about one thing in one part', async () => {
  const record = fc.record({ session: fc.constantFrom('a', 'b', 'c', 'd'), id: fc.constantFrom('1', '2') });
  await fc.assert(
    fc.asyncProperty(fc.array(record, { maxLength: 30 }), async (drawn) => {
      write(drawn.map(({ session, id }, index) => ({ ...capture(id, session), durationMs: index })));
      const whole = (await loadManifest(folder)).records;
      const joined: ManifestRecord[] = [];
      for await (const part of readParts(folder)) joined.push(...part.records);
      expect(joined).toEqual(whole);
    }),
    { numRuns: 50 },
  );
});

it('cannot read what is not there', async () => {
  await expect(readParts(join(folder, 'none')).next()).rejects.toMatchObject({ code: 'no-such-file' });
});
