import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longOption, optionKey } from './definition.ts';
import { nearest } from './nearest.ts';
import { normaliseArguments } from './normalise.ts';
import { CONFIGURABLE, findOption, OPTIONS, optionsOf } from './table.ts';
import { parseCount, parseDuration, parseMegabytes, parseSize, parseValue, ValueError } from './values.ts';

describe('the table', () => {
  it('has each name and each letter once, and a sentence for each', () => {
    expect(new Set(OPTIONS.map((option) => option.name)).size).toBe(OPTIONS.length);
    const letters = OPTIONS.flatMap((option) => option.letter ?? []);
    expect(new Set(letters).size).toBe(letters.length);
    for (const option of OPTIONS) {
      expect(option.description).toMatch(/^[A-Z].*[.]$/);
      expect(option.name).toMatch(/^[a-z][A-Za-z]*$/);
      expect(optionKey(longOption(option.name).slice(2))).toBe(option.name);
      expect(option.commands.length).toBeGreaterThan(0);
      if (option.type === 'choice') expect(option.choices?.length).toBeGreaterThan(1);
    }
  });

  it("holds MiniDumper's letters and the options of the contract", () => {
    const letters = Object.fromEntries(OPTIONS.flatMap(({ letter, name }) => (letter ? [[letter, name]] : [])));
    expect(letters).toMatchObject({ m: 'dump', e: 'exceptions', f: 'filter', n: 'count', t: 'atExit', x: 'output' });
    expect(letters).toMatchObject({ l: 'log', q: 'quiet', v: 'verbose', V: 'version' });
    const run = optionsOf('run').map(({ name }) => longOption(name));
    for (const long of ['--min-memory', '--max-memory', '--deadline', '--per-test-deadline', '--stacks', '--raw'])
      expect(run).toContain(long);
    for (const long of ['--json', '--max-disk', '--keep', '--keep-sessions', '--per-place', '--require-capture'])
      expect(run).toContain(long);
    for (const long of ['--scrub-env', '--compression-threads', '--capture-method']) expect(run).toContain(long);
    expect(run).not.toContain('--thorough');
  });

  it('has defaults its own parser takes', () => {
    for (const entry of OPTIONS)
      if (typeof entry.default === 'string') expect(() => parseValue(entry, entry.default as string)).not.toThrow();
    expect(CONFIGURABLE).not.toContain(option('json'));
  });
});

describe('values', () => {
  it.each([
    ['30s', 30_000],
    ['500ms', 500],
    ['1h30m', 5_400_000],
    ['1.5m', 90_000],
    ['2min', 120_000],
    ['45', 45_000],
    ['2m', 120_000],
  ])('%s is %d ms', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });

  it.each([
    ['2GB', 2e9],
    ['500 mb', 5e8],
    ['1GiB', 1024 ** 3],
    ['17', 17],
    ['0', 0],
  ])('%s is %d bytes', (text, expected) => {
    expect(parseSize(text)).toBe(expected);
  });

  it('takes megabytes with and without unit', () => {
    expect([parseMegabytes('300'), parseMegabytes('300MB'), parseMegabytes('1.5GB')]).toEqual([300, 300, 1500]);
  });

  it('says which counts are possible', () => {
    expect(parseValue(option('compressionThreads'), '2')).toBe(2);
    expect(() => parseValue(option('compressionThreads'), '3')).toThrow('write a whole number from 1 to 2');
    expect(() => parseValue(option('keep'), 'some')).toThrow('it must be one of failed, all');
  });

  it.each([parseDuration, parseSize, parseCount, parseMegabytes])('%o refuses with an example', (parse) => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\d{1,400}[a-zA-Z]{0,3}$/)), (text) => {
        try {
          const value = parse(text);
          expect(Number.isFinite(value) && value >= 0).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(ValueError);
        }
      }),
    );
    for (const text of ['', '-1', 'soon', '1 fortnight', '0x10', '1constructor', '9'.repeat(400)])
      expect(() => parse(text)).toThrow(ValueError);
  });

  it('refuses a time beyond what a timer can wait', () => {
    expect(parseDuration('596h')).toBe(596 * 3_600_000);
    expect(() => parseDuration('597h')).toThrow('the longest time is 596h');
  });
});

describe('habits from MiniDumper and ProcDump', () => {
  it.each([
    ['run -mh -e 1 -n 20 -- dotnet app.dll', 'run --dump heap --exceptions first-chance -n 20 -- dotnet app.dll'],
    ['run -e2 -f A dotnet app.dll -mm -e 1', 'run --exceptions unhandled -f A dotnet app.dll -mm -e 1'],
    ['run -ma -e dotnet app.dll', 'run --dump full --exceptions unhandled dotnet app.dll'],
    ['run -e -- dotnet 1', 'run --exceptions unhandled -- dotnet 1'],
    ['run -e', 'run --exceptions unhandled'],
    ['run --deadline 5s -mm app', 'run --deadline 5s --dump mini app'],
    ['run --deadline=5s -t -mm app -x', 'run --deadline=5s -t --dump mini app -x'],
    ['run --filter -e -mm app', 'run --filter -e --dump mini app'],
    ['run -f -mm -ma app', 'run -f -mm --dump full app'],
    ['run -n20 -mm app', 'run -n20 --dump mini app'],
    ['run -ln 20 -mm app', 'run -ln 20 --dump mini app'],
    ['run -fTimeout -mm app', 'run -fTimeout --dump mini app'],
    ['attach -mm 12', 'attach --dump mini 12'],
    ['attach 12 -e 1 -n 3', 'attach 12 --exceptions first-chance -n 3'],
    ['dump 12 -ma', 'dump 12 --dump full'],
    ['-v run -mm app', '-v run --dump mini app'],
    ['run -y -e 1', 'run -y --exceptions first-chance'],
  ])('%s', (given, expected) => {
    expect(normaliseArguments(given.split(' ')).join(' ')).toBe(expected);
  });

  it('never touches what follows --', () => {
    fc.assert(
      fc.property(fc.constantFrom('run', 'attach', 'dump'), fc.array(fc.string()), (command, rest) => {
        expect(normaliseArguments([command, '--', ...rest])).toEqual([command, '--', ...rest]);
      }),
    );
  });

  it("never touches the command's own arguments", () => {
    const word = fc.string().filter((text) => !text.startsWith('-'));
    fc.assert(
      fc.property(word, fc.array(fc.constantFrom('-mm', '-e', '1', '-n', '--', 'x')), (program, rest) => {
        expect(normaliseArguments(['run', program, ...rest])).toEqual(['run', program, ...rest]);
      }),
    );
  });

  it('loses no argument and ends for any input', () => {
    const argument = fc.oneof(fc.string(), fc.constantFrom('-mm', '-e', '-e1', '1', '-n', '-f', '--', '-'));
    fc.assert(
      fc.property(fc.array(argument), (args) => {
        const kept = (list: readonly string[]) => list.filter((text) => /^[a-z]{3,}$/.test(text));
        const added = ['mini', 'heap', 'full', 'first-chance', 'unhandled'];
        const result = normaliseArguments(args);
        expect(kept(result).filter((text) => !added.includes(text))).toEqual(
          kept(args).filter((text) => !added.includes(text)),
        );
        expect(result.length).toBeGreaterThanOrEqual(args.length);
      }),
    );
  });
});

describe('nearest spelling', () => {
  it.each([
    ['deadlne', 'deadline'],
    ['perPalce', 'perPlace'],
    ['MaxDisk', 'maxDisk'],
    ['colour', undefined],
  ])('%s → %s', (word, expected) => {
    expect(
      nearest(
        word,
        CONFIGURABLE.map(({ name }) => name),
      ),
    ).toBe(expected);
  });

  it('is quick with a hostile word', () => {
    expect(nearest('x'.repeat(1_000_000), ['deadline'])).toBeUndefined();
  });
});

function option(name: string) {
  const found = findOption(name);
  if (!found) throw new Error(`no option ${name}`);
  return found;
}
