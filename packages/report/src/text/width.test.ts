import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, it } from 'vitest';
import { width } from './width.ts';

it.each([
  ['Shop.Cart', 9],
  ['', 0],
  ['Grüße', 5],
  ['e\u0301', 1],
  ['注文が多い', 10],
  ['한국어', 6],
  ['ｱｲ', 2],
  ['👍🏽', 2],
  ['🇩🇪', 2],
  ['👩‍👩‍👧', 2],
  ['❤️', 2],
  ['…', 1],
  ['\u001b[31mred\u001b[0m', 3],
  ['\u001b]8;;https://x\u0007link\u001b]8;;\u0007', 4],
  ['\u200b\u0007', 0],
])('%j takes %d columns', (text, columns) => expect(width(text)).toBe(columns));

it('agrees with the package that terminals programs use', () => {
  const letter = fc.constantFrom(...'aZ 0_.ñßΩжאع注한ｱ𠮷…—「」', '👍', '👩‍💻', '🇫🇷', 'e\u0301', '☂️', '☂', '™');
  fc.assert(
    fc.property(fc.array(letter), (parts) => {
      const text = parts.join(' ');
      expect(width(text)).toBe(stringWidth(text));
    }),
  );
});
