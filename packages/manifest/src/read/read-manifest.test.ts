import { spawnSync } from 'node:child_process';
import { appendFileSync, closeSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { programArguments, programEnvironment } from '../testing/programs.ts';
import { capture, problem, stamp } from '../testing/records.ts';
import { readLines } from './lines.ts';
import { loadManifest } from './load-manifest.ts';
import { type ManifestLine, readManifest } from './read-manifest.ts';

let file: string;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'manifest-'));
  file = join(folder, 'manifest.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function readAll(): Promise<ManifestLine[]> {
  const lines: ManifestLine[] = [];
  for await (const line of readManifest(folder)) lines.push(line);
  return lines;
}

describe('a reader', () => {
  it('passes over a torn last line', async () => {
    writeFileSync(file, `${JSON.stringify(problem('a'))}\n{"record":"probl`);
    expect(await readAll()).toMatchObject([
      { kind: 'record', line: 1, record: { what: 'a' } },
      { kind: 'damaged', line: 2, torn: true, problem: expect.stringContaining('cut off') },
    ]);
  });

  it('takes what another writer appended behind a torn line', async () => {
    const whole = JSON.stringify(problem('says {"record":"problem"}'));
    for (const torn of ['{"record":"probl', JSON.stringify(problem('a')).slice(0, -3), '{"record":"a","x":{"y'])
      for (const end of ['\n', '']) {
        writeFileSync(file, `${torn}${whole}${end}`);
        expect(await readAll()).toMatchObject([
          { kind: 'damaged', line: 1, torn: false },
          { kind: 'record', line: 1, record: { what: 'says {"record":"problem"}' } },
        ]);
      }
    writeFileSync(file, `{"record":"probl${whole.slice(0, -3)}\n`);
    expect(await readAll()).toMatchObject([{ kind: 'damaged', line: 1 }]);
  });

  it('takes a last line that only lacks its end', async () => {
    writeFileSync(file, JSON.stringify(problem('a')));
    expect(await readAll()).toMatchObject([{ kind: 'record' }]);
  });

  it('keeps what a newer version wrote, as it is', async () => {
    const newer = { record: 'problem', ...stamp, schema: 2, shape: 'other' };
    const strange = { record: 'weather', ...stamp, sky: ['grey'] };
    const changed = { ...capture('0001-x'), captureMethod: 'teleport' };
    writeFileSync(file, [newer, strange, changed].map((record) => `${JSON.stringify(record)}\n`).join(''));
    expect(await readAll()).toMatchObject([
      { kind: 'unknown', record: newer, problem: expect.stringContaining('newer version (schema 2') },
      { kind: 'unknown', record: strange, problem: expect.stringContaining('"weather" are not known') },
      { kind: 'unknown', record: changed, problem: expect.stringMatching(/^captureMethod: /) },
    ]);
  });

  it('keeps fields that it does not know', async () => {
    writeFileSync(file, `${JSON.stringify({ ...problem('a'), weather: 'rain' })}\r\n\n`);
    expect(await readAll()).toMatchObject([{ kind: 'record', record: { weather: 'rain' } }]);
  });

  it('says of every other line what is wrong, and reads on', async () => {
    writeFileSync(file, `[]\n7\n{"a":1}\nnull\n\u0000\n${JSON.stringify(problem('a'))}\n`);
    const kinds = (await readAll()).map(({ kind }) => kind);
    expect(kinds).toEqual(['damaged', 'damaged', 'damaged', 'damaged', 'damaged', 'record']);
  });

  it('says when there is no manifest', async () => {
    await expect(readAll()).rejects.toMatchObject({ code: 'no-such-file' });
  });

  it('reads every whole line beside any damage', async () => {
    const damage = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes.filter((byte) => byte !== 10)));
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { maxLength: 12 }), async (pieces) => {
        rmSync(file, { force: true });
        for (const [index, piece] of pieces.entries()) {
          appendFileSync(file, JSON.stringify(problem(String(index))));
          appendFileSync(file, Buffer.concat([Buffer.from('\n'), piece, Buffer.from('\n')]));
        }
        if (pieces.length === 0) writeFileSync(file, '');
        const whole = (await readAll()).flatMap((line) =>
          line.kind === 'record' && line.record.record === 'problem' ? [line.record.what] : [],
        );
        expect(whole).toEqual(pieces.map((_piece, index) => String(index)));
      }),
      { numRuns: 200 },
    );
  });
});

it('lines: any content, cut anywhere, however long', async () => {
  const line = fc.oneof(fc.string({ unit: 'binary' }), fc.constant('é'.repeat(70_000)));
  await fc.assert(
    fc.asyncProperty(fc.array(line), fc.boolean(), async (texts, ended) => {
      const clean = texts.map((text) => text.replaceAll('\n', ' '));
      writeFileSync(file, clean.join('\n') + (ended ? '\n' : ''));
      const read: (string | undefined)[] = [];
      for await (const { text } of readLines(file, 100_000)) read.push(text);
      const expected = ended ? clean : clean.at(-1) === '' ? clean.slice(0, -1) : clean;
      const bytes = (text: string) => Buffer.from(text);
      const all = texts.length === 0 && ended ? [''] : expected;
      expect(read).toEqual(all.map((text) => (bytes(text).length > 100_000 ? undefined : bytes(text).toString())));
    }),
    { numRuns: 100 },
  );
});

describe('a loaded manifest', () => {
  it('holds the last record of each id, in the order of the first', async () => {
    const first = capture('0001-a');
    const records = [first, capture('0002-b'), { ...first, durationMs: 99 }, problem('x'), problem('x')];
    writeFileSync(file, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
    const manifest = await loadManifest(file);
    expect(manifest.of('capture').map(({ id, durationMs }) => [id, durationMs])).toEqual([
      ['0001-a', 99],
      ['0002-b', 78],
    ]);
    expect(manifest.of('problem')).toHaveLength(2);
  });

  it('knows which captures stayed, of each session by itself', async () => {
    const result = { record: 'result', ...stamp, captureId: '0001-a', kept: false, testState: 'passed' } as const;
    const records = [capture('0001-a'), capture('0001-a', 's2'), capture('0002-b'), result];
    writeFileSync(file, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
    const kept = (await loadManifest(file)).keptCaptures();
    expect(kept.map(({ session, id }) => `${session} ${id}`)).toEqual(['s2 0001-a', 's1 0002-b']);
  });
});

it('50 MB are read with a heap of 32 MB', () => {
  const text = `${JSON.stringify({ ...problem('a'), why: 'x'.repeat(2000) })}\n`.repeat(500);
  const output = openSync(file, 'w');
  let lines = 0;
  for (let size = 0; size < 50e6; size += text.length) {
    writeSync(output, text);
    lines += 500;
  }
  // A "line" without an end as damage in the middle must not fill the memory either.
  for (let count = 0; count < 30; count += 1) writeSync(output, Buffer.alloc(1e6, 'z'));
  closeSync(output);
  expect(statSync(file).size).toBeGreaterThan(80e6);
  const { stdout, status, stderr } = spawnSync(
    process.execPath,
    ['--max-old-space-size=32', ...programArguments('count-lines.ts', file)],
    { encoding: 'utf8', env: programEnvironment },
  );
  expect({ status, stderr: stderr.slice(0, 500) }).toEqual({ status: 0, stderr: '' });
  expect(JSON.parse(stdout)).toEqual({ record: lines, unknown: 0, damaged: 1 });
});
