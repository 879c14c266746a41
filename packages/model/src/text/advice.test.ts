import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { advice, DOTNET_OPTIONS, type Reader } from './advice.ts';
import { IN_PROJECT } from './in-project.ts';

const reader = (options: Reader['options'], command = IN_PROJECT): Reader => ({ command, options });

describe('names us as the reader can type it', () => {
  it.each([
    ['run: firstchance doctor', 'run: npx firstchance doctor'],
    ['firstchance ps lists those', 'npx firstchance ps lists those'],
    ['wrong; see firstchance --help', 'wrong; see npx firstchance --help'],
    ['run: npx firstchance doctor', 'run: npx firstchance doctor'],
    ['bin/firstchance doctor, firstchance could not, @firstchance run', ''],
  ])('%s', (text, expected) => {
    expect(advice(text, reader('command line'))).toBe(expected || text);
    expect(advice(text, reader('command line', 'firstchance'))).toBe(text);
  });
});

describe('names options of a growth check where the reader sets them', () => {
  it.each<[string, string, string]>([
    ['--surge COUNT does more.', '{ surge: COUNT } does more.', 'GrowthOptions.Surge = COUNT does more.'],
    ['(--no-gc goes without)', '({ gc: false } goes without)', '(GrowthOptions.Collect = false goes without)'],
    ['--thorough', '{ thorough: true }', 'GrowthOptions.Thorough = true'],
    ['check it with --attach PID', '', ''],
    ['write a TRX file (--logger trx)', '', ''],
    ['--suppressions FILE', '{ suppressions: FILE }', ''],
  ])('%s', (text, javascript, dotnet) => {
    expect(advice(text, reader('javascript'))).toBe(javascript || text);
    expect(advice(text, reader('dotnet'))).toBe(dotnet || text);
    expect(advice(text, reader('command line'))).toBe(text);
  });

  it('by the names that FirstChance.Testing has', () => {
    const source = new URL('../../../../dotnet/FirstChance.Testing/GrowthOptions.cs', import.meta.url);
    const code = readFileSync(source, 'utf8');
    for (const [name, property] of Object.entries(DOTNET_OPTIONS)) {
      expect(code).toContain(` ${property} { get; set; }`);
      expect(code).toContain(`Add("${name}", ${property}`);
    }
  });
});
