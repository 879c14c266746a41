import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normaliseArguments } from './normalise.ts';
import { OPTIONS } from './table.ts';
import { parseCount, parseDuration, parseMegabytes, parseSize, ValueError } from './values.ts';

describe('values', () => {
  it.each([
    ['30s', 30_000],
    ['500ms', 500],
    ['1h30m', 5_400_000],
    ['1.5m', 90_000],
    ['2min', 120_000],
    ['45', 45_000],
  ])('%s is %d ms', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });

  it.each([
    ['2GB', 2e9],
    ['500 mb', 5e8],
    ['1GiB', 1024 ** 3],
    ['17', 17],
  ])('%s is %d bytes', (text, expected) => {
    expect(parseSize(text)).toBe(expected);
  });

  it('takes megabytes with and without unit', () => {
    expect([parseMegabytes('300'), parseMegabytes('300MB'), parseMegabytes('1.5GB')]).toEqual([300, 300, 1500]);
  });

  it.each([parseDuration, parseSize, parseCount, parseMegabytes])(
    '%o answers anything else with an example',
    (parse) => {
      fc.assert(
        fc.property(fc.string(), (text) => {
          try {
            expect(Number.isFinite(parse(text))).toBe(true);
          } catch (error) {
            expect(error).toBeInstanceOf(ValueError);
          }
        }),
      );
      for (const text of ['', '-1', 'soon', '1 fortnight', '0x10']) expect(() => parse(text)).toThrow(ValueError);
    },
  );
});

describe('habits from MiniDumper and ProcDump', () => {
  it.each([
    ['run -mh -e 1 -n 20 -- dotnet app.dll', 'run --dump heap --exceptions first-chance -n 20 -- dotnet app.dll'],
    ['run -e2 -f A dotnet app.dll -mm -e 1', 'run --exceptions unhandled -f A dotnet app.dll -mm -e 1'],
    ['run -ma -e dotnet app.dll', 'run --dump full --exceptions unhandled dotnet app.dll'],
    ['run --deadline 5s -mm app', 'run --deadline 5s --dump mini app'],
    ['run --deadline=5s -t -mm app -x', 'run --deadline=5s -t --dump mini app -x'],
    ['attach -mm 12', 'attach --dump mini 12'],
  ])('%s', (given, expected) => {
    expect(normaliseArguments(given.split(' ')).join(' ')).toBe(expected);
  });

  it('never touches what follows --', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (rest) => {
        expect(normaliseArguments(['run', '--', ...rest])).toEqual(['run', '--', ...rest]);
      }),
    );
  });
});

it('the table is sound: names, letters and sentences', () => {
  expect(new Set(OPTIONS.map((option) => option.name)).size).toBe(OPTIONS.length);
  const letters = OPTIONS.flatMap((option) => option.letter ?? []);
  expect(new Set(letters).size).toBe(letters.length);
  for (const option of OPTIONS) {
    expect(option.description).toMatch(/^[A-Z].*[.]$/);
    expect(option.name).toMatch(/^[a-z][A-Za-z]*$/);
  }
});
