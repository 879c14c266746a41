import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { count } from './count.ts';
import { fitEnd, fitStart, pad, width } from './fit.ts';
import { harmless } from './harmless.ts';

describe('harmless', () => {
  it.each([
    ['a\r\nb\tc', 'a b c'],
    ['\u001b[2J\u0007', '\\x1b[2J\\x07'],
    ['\u009b31m', '\\x9b31m'],
    ['file\u202etxt.exe', 'file\\u202etxt.exe'],
    ['a\u200bb\u2028c', 'a\\u200bb\\u2028c'],
    ['\u{e0041}', '\\u{e0041}'],
    ['half \ud800 pair', 'half \ufffd pair'],
    ['naïve 日本 😀', 'naïve 日本 😀'],
  ])('%j becomes %j', (text, expected) => {
    expect(harmless(text)).toBe(expected);
  });

  it('never lets a control or bidirectional character through', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    const bad = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/;
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !bad.test(harmless(text))));
  });
});

describe('fitting into columns', () => {
  it('cuts at the end or at the start', () => {
    expect(fitEnd('abcdef', 4)).toBe('abc…');
    expect(fitStart('abcdef', 4)).toBe('…def');
    expect(fitEnd('abcd', 4)).toBe('abcd');
    expect(fitEnd('日本語', 4)).toBe('日…');
    expect(pad('日', 4)).toBe('日  ');
    expect(pad('1', 3, 'right')).toBe('  1');
  });

  it('never takes more than it was given', () => {
    const input = fc.tuple(fc.string({ unit: 'grapheme' }), fc.integer({ min: 0, max: 40 }));
    fc.assert(
      fc.property(input, ([text, columns]) => {
        const line = harmless(text);
        return width(fitEnd(line, columns)) <= columns && width(fitStart(line, columns)) <= columns;
      }),
    );
  });
});

it('counts', () => {
  expect([count(0, 'capture'), count(1, 'capture'), count(2, 'process', 'processes')]).toEqual([
    '0 captures',
    '1 capture',
    '2 processes',
  ]);
});
