import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { shellWord } from './shell-word.ts';

it('leaves alone what a shell takes as it is', () => {
  expect(shellWord('.firstchance/20261126-204908-126fa2')).toBe('.firstchance/20261126-204908-126fa2');
  expect(shellWord('séance/1')).toBe('séance/1');
  expect(shellWord('two words')).toBe("'two words'");
});

it('any path comes back from a shell as it was', () => {
  const word = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !/[\0\ud800-\udfff]/.test(text));
  const echo = (text: string) => execFileSync('sh', ['-c', `printf %s ${shellWord(text)}`], { encoding: 'utf8' });
  fc.assert(
    fc.property(word, (text) => echo(text) === text),
    { numRuns: 30 },
  );
});
