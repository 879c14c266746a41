import { describe, expect, it } from 'vitest';
import { fitHelp } from './fit-help.ts';
import { EXAMPLES } from './help.ts';

describe('help within the columns of a terminal', () => {
  it.each(Object.keys(EXAMPLES))('%s at 80 columns', (name) => {
    const text = EXAMPLES[name] ?? '';
    const fitted = fitHelp(text, 80);
    // A command is never broken, however long its path is.
    const lines = fitted.split('\n').filter((line) => !line.startsWith('  firstchance '));
    for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(80);
    expect(fitted.split(/\s+/)).toEqual(text.split(/\s+/));
  });

  it('leaves alone what fits', () => {
    expect(fitHelp(EXAMPLES.run ?? '', 130)).toBe(EXAMPLES.run);
  });

  it('explains an example below it', () => {
    expect(fitHelp('Examples:\n  firstchance dump 1     dumps it now', 30)).toBe(
      'Examples:\n  firstchance dump 1\n      dumps it now',
    );
  });
});
