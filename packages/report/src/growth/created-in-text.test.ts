import type { Growth, GrowthCheck } from '@firstchance/model';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { plainStyle } from '../terminal/style.ts';
import { width } from '../text/fit.ts';
import { checkLines } from './check-lines.ts';

const session: Growth = {
  ...{ channel: 'instances', type: 'Shop.Session', perOperation: 1, low: 1, high: 1, fingerprint: '' },
};

function linesOf(more: Partial<Growth>, columns = 160): string[] {
  const check: GrowthCheck = {
    ...{ schema: 1, verdict: 'LEAK', reason: '', mode: 'quick', operations: 9, seed: 1, rounds: [], harmless: [] },
    growth: [{ ...session, ...more }],
    minimumDetectable: { instancesPerOperation: null, managedBytesPerOperation: null, nativeBytesPerOperation: null },
  };
  return checkLines(check, plainStyle(columns));
}
const told = (more: Partial<Growth>) =>
  linesOf(more)
    .filter((line) => /created|allocated/.test(line))
    .map((line) => line.trim());
const places = ['Add', 'Renew'].map((name) => ({ method: `Shop.Store.${name}`, file: null, line: null }));

it('says who creates what grows, how sure that is, and of how many', () => {
  const source = { method: 'A.B', file: 'C:\\src\\A.cs', line: 3, calls: 'A.OnPrice' };
  expect(told({ createdIn: { places: [source], of: 1, sure: true } })).toEqual([
    'created in A.B (A.cs:3) for A.OnPrice',
  ]);
  expect(told({ createdIn: { places, of: 7, sure: false } })).toEqual([
    'perhaps created in Shop.Store.Add or Shop.Store.Renew, of 7 places in the program',
  ]);
});

it('names a method once that creates it in several lines', () => {
  const at = (line: number | null, name = 'Ask') => ({ method: `Shop.Desk.${name}`, file: '/src/Desk.cs', line });
  const lines = (...some: ReturnType<typeof at>[]) => told({ createdIn: { places: some, of: 3, sure: true } });
  expect(lines(at(40), at(41), at(9, 'Renew'))).toEqual([
    'created in Shop.Desk.Ask (Desk.cs:40, 41) or Shop.Desk.Renew (Desk.cs:9)',
  ]);
  expect(lines(at(40), at(9, 'Renew'), at(44))).toEqual([
    'created in Shop.Desk.Ask (Desk.cs:40, 44) or Shop.Desk.Renew (Desk.cs:9)',
  ]);
});

it('is told beside frames that were sampled where these begin in another method, and it is the only place', () => {
  const [place] = places;
  const only = { places: place ? [place] : [], of: 1, sure: true };
  const lines = (owner: string[]) => told({ createdIn: only, owner });
  expect(lines(['Shop.Program.<Main>$ (Program.cs:7)'])).toHaveLength(2);
  expect(lines([`${place?.method} (Store.cs:9)`])).toEqual([`allocated by ${place?.method} (Store.cs:9)`]);
});

it('leaves it to frames that were sampled where there are more places', () => {
  const lines = told({ createdIn: { places, of: 2, sure: true }, owner: ['Shop.Store.Open()'] });
  expect(lines).toEqual(['allocated by Shop.Store.Open()']);
});

it('hostile names are harmless, whatever the width', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\u001b[31m', '\u202e', 'x'.repeat(5000)));
  fc.assert(
    fc.property(text, fc.integer({ min: 40, max: 200 }), (name, columns) => {
      const place = { method: name, file: name, line: 1, calls: name };
      const lines = linesOf({ createdIn: { places: [place, place], of: 7, sure: false } }, columns);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
      expect(lines.join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
      for (const line of lines.slice(1)) expect(width(line)).toBeLessThanOrEqual(columns);
    }),
    { numRuns: 50 },
  );
});
