import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PatternSearch } from './pattern-search.ts';
import { secretPatterns } from './patterns.ts';

/** Names found in a text that comes in pieces of that size. */
function found(patterns: Record<string, Buffer>, text: Buffer, piece: number): readonly string[] {
  const search = new PatternSearch(Object.entries(patterns).map(([variable, bytes]) => ({ variable, bytes })));
  for (let at = 0; at < text.length; at += piece) search.add(text.subarray(at, at + piece));
  return search.found;
}

describe('finds what is there and nothing else', () => {
  it('whatever the patterns, the text and where it is cut', () => {
    // Few different bytes, so that parts of patterns are everywhere.
    const bytes = (least: number, most: number) =>
      fc.array(fc.constantFrom(0, 1, 97, 255), { minLength: least, maxLength: most }).map((list) => Buffer.from(list));
    fc.assert(
      fc.property(
        fc.array(bytes(2, 9), { minLength: 1, maxLength: 5 }),
        bytes(0, 120),
        fc.nat(30),
        (list, text, piece) => {
          const patterns = Object.fromEntries(list.map((pattern, index) => [`V${index}`, pattern]));
          const expected = Object.keys(patterns).filter((name) => text.includes(patterns[name] ?? ''));
          expect(found(patterns, text, piece + 1)).toEqual(expected.sort());
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('a long pattern over many pieces, beside a short one', () => {
    const long = Buffer.from('0123456789'.repeat(400));
    const text = Buffer.concat([Buffer.alloc(5000, 'x'), long, Buffer.alloc(3000, 'y'), Buffer.from('shortish')]);
    expect(found({ LONG: long, SHORT: Buffer.from('shortish'), GONE: Buffer.from('not there') }, text, 7)).toEqual([
      'LONG',
      'SHORT',
    ]);
  });

  it('no patterns', () => {
    expect(found({}, Buffer.from('text'), 2)).toEqual([]);
  });
});

describe('what is looked for', () => {
  const names = (environment: NodeJS.ProcessEnv, named: string[] = [], allowed: string[] = []) => [
    ...new Set(secretPatterns(environment, named, allowed).patterns.map(({ variable }) => variable)),
  ];
  const value = 'a value of some length';

  it('variables that look secret, credentials of the CI, named ones; not those that are allowed', () => {
    const environment = {
      API_TOKEN: value,
      ACTIONS_RUNTIME_TOKEN: value,
      PATH: value,
      SHOP: value,
      DB_PASSWORD: value,
    };
    expect(names(environment, ['SHOP'], ['DB_*'])).toEqual(['API_TOKEN', 'ACTIONS_RUNTIME_TOKEN', 'SHOP']);
    // The credentials of the job are nobody's to allow; who names a variable means it.
    expect(names(environment, ['DB_PASSWORD'], ['*'])).toEqual(['ACTIONS_RUNTIME_TOKEN', 'DB_PASSWORD']);
  });

  it('short values, paths and frames of keys are not', () => {
    expect(names({ A_TOKEN: 'short', SSH_AUTH_SOCK: '/proc/self/status', B_TOKEN: '/+no/path==' })).toEqual([
      'B_TOKEN',
    ]);
    const key = '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----\n';
    const texts = secretPatterns({ MY_PRIVATE_KEY: key }, [], []).patterns.map(({ bytes }) => bytes.toString());
    expect(texts.filter((text) => !text.includes('\0'))).toEqual([key.trim(), 'MIIEvQIBADANBg']);
  });

  it('in both encodings', () => {
    const { patterns } = secretPatterns({ A_TOKEN: 'pässword' }, [], []);
    expect(patterns.map(({ bytes }) => bytes.toString('hex'))).toEqual([
      Buffer.from('pässword').toString('hex'),
      Buffer.from('pässword', 'utf16le').toString('hex'),
    ]);
  });

  it('what was named and cannot be looked for is told', () => {
    expect(secretPatterns({ A: 'abc' }, ['A', 'B'], []).notSearched).toEqual([
      { variable: 'A', why: 'its value has fewer than 8 characters' },
      { variable: 'B', why: 'it is not set in this step' },
    ]);
  });
});
