import { expect, it } from 'vitest';
import { inLocale } from './characters.ts';

it('has ASCII for what is ours where the locale has no other characters, as wide as before', () => {
  const text = '12 × A → B · thread 7 ▁▂█ and mo…';
  expect(inLocale(text, { LANG: 'C' })).toBe('12 x A > B - thread 7 _.# and mo~');
  expect(inLocale(text, { LC_ALL: 'de_DE.ISO-8859-1', LANG: 'de_DE.UTF-8' })).toHaveLength(text.length);
  expect(inLocale('Müller zahlt 3 €', { LANG: 'C' })).toBe('Müller zahlt 3 €');
});

it.each([{ LANG: 'C.UTF-8' }, { LC_CTYPE: 'en_US.utf8', LANG: 'C' }, { LC_ALL: '', LANG: 'de_DE.UTF-8' }, {}])(
  'leaves it as it is: %o',
  (environment) => {
    expect(inLocale('a · b', environment)).toBe('a · b');
  },
);
