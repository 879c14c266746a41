import { copyFile, mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildSample, type RuntimeFrame, runtimeFrames } from '../test-fixtures/sample.ts';
import { SourceLocator, SymbolReader } from './index.ts';

let portable: string;
let debug: string;
let embedded: string;
let none: string;
let frames: RuntimeFrame[];
let folder: string;

beforeAll(async () => {
  portable = await buildSample('portable');
  debug = await buildSample('portable', 'Debug');
  embedded = await buildSample('embedded');
  none = await buildSample('none');
  frames = await runtimeFrames(portable);
  folder = await mkdtemp('/tmp/fcs-');
}, 300_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

async function open(module: string): Promise<SymbolReader> {
  const reader = await SymbolReader.open(module);
  if (!reader) throw new Error(`no symbols for ${module}`);
  return reader;
}

function frameOf(part: string): RuntimeFrame {
  const frame = frames.find(({ method }) => method.includes(part));
  if (!frame) throw new Error(`the sample printed no ${part}`);
  return frame;
}

describe.each([
  ['beside the module', () => portable],
  ['beside a module compiled for debugging', () => debug],
  ['inside the module', () => embedded],
])('a PDB %s', (_, module) => {
  test('gives the lines the runtime gives', async () => {
    const truth = await runtimeFrames(module());
    const reader = await open(module());
    expect(truth.length).toBeGreaterThan(9);
    for (const { method, token, ilOffset, file, line, column } of truth) {
      const found = reader.lookup(token, ilOffset);
      expect([method, found]).toEqual([method, { file, line, column }]);
    }
  });

  test('gives the lines written in the source', async () => {
    const source = (await readFile(new URL('../test-fixtures/sample/Sample.cs', import.meta.url), 'utf8')).split('\n');
    const truth = await runtimeFrames(module());
    const reader = await open(module());
    const seen = new Set<number>();
    for (const { token, ilOffset } of truth) {
      const { file = '', line = 0 } = reader.lookup(token, ilOffset) ?? {};
      const marked = /\/\/ line (\d+)$/.exec(source[line - 1] ?? '');
      if (!file.endsWith('/Sample.cs') || !marked) continue;
      expect(line).toBe(Number(marked[1]));
      seen.add(line);
    }
    expect([...seen].sort((left, right) => left - right)).toEqual(expect.arrayContaining([7, 12, 21, 38, 48, 56, 72]));
  });
});

describe('lookup', () => {
  test('follows a method into another document', async () => {
    const { token, ilOffset } = frameOf('Mapped');
    expect((await open(portable)).lookup(token, ilOffset)).toMatchObject({ line: 4711 });
    expect((await open(portable)).lookup(token, ilOffset)?.file).toMatch(/Generated\/Other\.cs$/);
  });

  test('never ends on a hidden point', async () => {
    const reader = await open(debug);
    for (const { token } of frames) {
      for (let offset = 0; offset < 400; offset++) expect(reader.lookup(token, offset)?.line).not.toBe(0xfeefee);
    }
  });

  test('is null for methods without source and for what is no method', async () => {
    const reader = await open(portable);
    for (const token of [0, 0x0600_0000, 0x06ff_ffff, 0x0200_0002, -1, 1.5, Number.NaN]) {
      expect(reader.lookup(token, 0)).toBe(null);
      expect(reader.kickoffMethod(token)).toBe(null);
    }
    const { token } = frameOf('Plain');
    expect(reader.lookup(token, -1)).toBe(null);
    expect(reader.lookup(token, Number.NaN)).toBe(null);
  });

  test('leads from MoveNext to the async or iterator method', async () => {
    const reader = await open(portable);
    // Not the program's own Main, which awaits as well.
    const moveNexts = frames.filter(({ method }) => /^Sample\+.*MoveNext/.test(method));
    expect(moveNexts.map(({ method }) => method.replace(/\d+\.MoveNext$/, ''))).toEqual([
      'Sample+<Async>d__',
      'Sample+<Iterator>d__',
    ]);
    for (const { token } of moveNexts) {
      const kickoff = reader.kickoffMethod(token) ?? 0;
      expect(kickoff).toBeGreaterThan(0x0600_0000);
      // The method that starts a state machine has no source of its own and is none itself.
      expect(reader.kickoffMethod(kickoff)).toBe(null);
    }
    expect(reader.kickoffMethod(frameOf('Plain').token)).toBe(null);
  });
});

describe('a PDB that is not the right one', () => {
  test('of another build is refused, beside the module and when named', async () => {
    const other = join(folder, 'other');
    await mkdir(other);
    await copyFile(portable, join(other, 'sample.dll'));
    await copyFile(debug.replace('.dll', '.pdb'), join(other, 'sample.pdb'));
    // The path where it was compiled is gone too: the fixture was built in a folder that was removed.
    expect(await SymbolReader.open(join(other, 'sample.dll'))).toBe(null);
    const right = portable.replace('.dll', '.pdb');
    const reader = await SymbolReader.open(join(other, 'sample.dll'), { pdb: right });
    const { token, ilOffset, line } = frameOf('Plain');
    expect(reader?.lookup(token, ilOffset)?.line).toBe(line);
    expect(await SymbolReader.open(join(other, 'sample.dll'), { pdb: debug.replace('.dll', '.pdb') })).toBe(null);
  });

  test('is passed over for the embedded one', async () => {
    const path = join(folder, 'embedded.dll');
    await copyFile(embedded, path);
    await copyFile(portable.replace('.dll', '.pdb'), join(folder, 'sample.pdb'));
    expect((await SymbolReader.open(path))?.pdbId).toBe((await open(embedded)).pdbId);
  });

  test('no PDB, no module, no PE image, a folder: null', async () => {
    const text = join(folder, 'text.dll');
    await writeFile(text, 'MZ but nothing more');
    const cut = join(folder, 'cut.dll');
    await copyFile(portable, cut);
    await truncate(cut, 300);
    for (const path of [none, text, cut, folder, join(folder, 'missing.dll'), process.execPath]) {
      expect(await SymbolReader.open(path)).toBe(null);
    }
    const old = join(folder, 'windows');
    await mkdir(old);
    await copyFile(portable, join(old, 'sample.dll'));
    await writeFile(join(old, 'sample.pdb'), 'Microsoft C/C++ MSF 7.00\r\n\x1aDS\0\0\0');
    expect(await SymbolReader.open(join(old, 'sample.dll'))).toBe(null);
  });
});

describe('SourceLocator', () => {
  test('locates, concurrently too, and forgets what was used longest ago', async () => {
    const { token, ilOffset, file, line } = frameOf('Plain');
    const locator = new SourceLocator({ maximumModules: 2 });
    const request = (modulePath: string) => locator.locate({ modulePath, token, ilOffset });
    const answers = await Promise.all([portable, embedded, none, portable, '/no/such.dll'].map(request));
    expect(answers).toEqual([{ file, line }, expect.objectContaining({ line }), null, { file, line }, null]);
    expect(locator.bytesHeld).toBeGreaterThan(0);
    const small = new SourceLocator({ maximumBytes: 1 });
    for (const modulePath of [portable, embedded, debug]) await small.locate({ modulePath, token, ilOffset });
    expect(small.bytesHeld).toBe((await open(debug)).byteLength);
    const { token: moveNext } = frameOf('MoveNext');
    expect(await locator.kickoffMethod({ modulePath: portable, token: moveNext })).toBeGreaterThan(0x0600_0000);
  });

  test('sees that a module was built anew', async () => {
    const { token, ilOffset, line } = frameOf('Plain');
    const modulePath = join(folder, dirname(portable).split('/').at(-1) ?? '', 'sample.dll');
    await mkdir(dirname(modulePath));
    const locator = new SourceLocator();
    await copyFile(none, modulePath);
    expect(await locator.locate({ modulePath, token, ilOffset })).toBe(null);
    await copyFile(embedded, modulePath);
    expect((await locator.locate({ modulePath, token, ilOffset }))?.line).toBe(line);
  });
});
