import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Growth, type GrowthCheck, UsageError } from '@firstchance/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acceptGrowth } from './accept-growth.ts';
import { readBaseline, writeBaseline } from './baseline-file.ts';
import { parseSuppressions, readSuppressions } from './suppression-file.ts';
import { matchesWildcards } from './wildcards.ts';

const session: Growth = {
  ...{ channel: 'instances', type: 'Shop.Session', module: 'Shop.dll', perOperation: 1, low: 0.98, high: 1.02 },
  ...{ bytesPerOperation: 340, path: ['static Shop.Store.s_sessions', 'List<Session>'], fingerprint: 'aabbccddeeff' },
};
const native: Growth = { channel: 'mallocBytes', perOperation: 4000, low: 3900, high: 4100, fingerprint: '1122334455' };
const check = (growth: Growth[], verdict: GrowthCheck['verdict'] = 'LEAK'): GrowthCheck => ({
  ...{ schema: 1, verdict, reason: 'it grows', mode: 'quick', operations: 400, seed: 1, rounds: [], harmless: [] },
  ...{ growth, name: 'POST /run' },
  minimumDetectable: { instancesPerOperation: null, managedBytesPerOperation: null, nativeBytesPerOperation: null },
});
const yaml = (text: string) => parseSuppressions(text, 'known.yaml', '2026-06-01');

describe('a suppression of a type', () => {
  it('covers what hangs on it, and nothing else', () => {
    const on = (type: string, heldBy: string): Growth => ({ ...session, type, heldBy, fingerprint: type, path: [] });
    const growth = [session, on('Shop.Line', 'Shop.Session'), on('System.String', 'Shop.Line'), native];
    const known = yaml('suppressions:\n- type: Shop.Session\n  reason: known\n');
    const accepted = acceptGrowth(check(growth), { suppressions: known.entries, baseline: undefined });
    expect(accepted.growth).toEqual([native]);
    expect(accepted.accepted).toHaveLength(3);
    const alone = acceptGrowth(check(growth.slice(0, 3)), { suppressions: known.entries, baseline: undefined });
    expect(alone.verdict).toBe('PASS');
  });
});

describe('a suppression of a type that a compiler named', () => {
  const createdIn = { places: [{ method: 'Shop.Desk.Watch', file: null, line: null }], of: 1, sure: true };
  const closure: Growth = { ...session, type: 'Shop.Desk+<>c__DisplayClass3_0', createdIn };

  it.each([
    ['Shop.Desk+<>c__DisplayClass3_0', 0],
    ['closure of Shop.Desk', 0],
    ['closure of Shop.Desk.Watch', 0],
    ['closure of Shop.*', 0],
    ['closure of Shop.Desk.Wait', 1],
  ])('may say %s', (type, left) => {
    const known = yaml(`suppressions:\n- type: '${type}'\n  reason: known\n`);
    const { growth } = acceptGrowth(check([closure]), { suppressions: known.entries, baseline: undefined });
    expect(growth).toHaveLength(left);
  });
});

it('a suppression of a step of the path may say it as it was shown', () => {
  const known = yaml("suppressions:\n- path: 'closure of Desk'\n  reason: known\n");
  const held: Growth = { ...session, path: ['static Shop.Bus.Changed', 'Desk+<>c__DisplayClass3_0', 'Session'] };
  const { growth } = acceptGrowth(check([held, session]), { suppressions: known.entries, baseline: undefined });
  expect(growth).toEqual([session]);
});

describe('a suppression of a type that a collection keeps', () => {
  const path = ['static Shop.Store.s_sessions', 'Dictionary<Int32, Session>', 'Node', 'Session'];
  const kept = { ...session, path };
  const node: Growth = { ...session, type: 'System.Node', path: path.slice(0, 3), fingerprint: '77' };
  const known = yaml('suppressions:\n- type: Shop.Session\n  reason: known\n');
  const left = (...growth: Growth[]) =>
    acceptGrowth(check(growth), { suppressions: known.entries, baseline: undefined }).growth;

  it('covers the part of the collection that came with each object', () => expect(left(kept, node)).toEqual([]));
  it.each<[string, Growth]>([
    ['what there is more of', { ...node, perOperation: 2 }],
    ['what is on another path', { ...node, path: ['static Shop.Other.s_all', 'Node'] }],
    ['what is named before it', { ...node, heldBy: 'Shop.Nobody', channel: 'types' }],
  ])('does not cover %s', (_what, one) => expect(left(kept, one)).toEqual([one]));
});

describe('a suppression file', () => {
  it('is YAML or JSON', () => {
    const entries = [{ type: 'Shop.*', reason: 'known', maxBytesPerOperation: '2KB', expires: '2026-06-01' }];
    const written = yaml(
      'suppressions:\n  - type: Shop.*\n    reason: known\n    maxBytesPerOperation: 2KB\n    expires: 2026-06-01\n',
    );
    expect(written.entries).toMatchObject([{ type: 'Shop.*', limit: 2000, where: 'known.yaml:2' }]);
    expect(yaml(JSON.stringify({ suppressions: entries })).entries).toMatchObject([
      { limit: 2000, where: 'known.yaml:1' },
    ]);
  });

  it('warns of an entry that has ended, with its line', () => {
    const { entries, warnings } = yaml('suppressions:\n\n- type: A\n  reason: till May\n  expires: 2026-05-31\n');
    expect(entries).toEqual([]);
    expect(warnings).toEqual(['known.yaml:3: this suppression ended on 2026-05-31 and is not applied (till May)']);
  });

  it.each([
    ['suppressions:\n- typ: A\n  reason: x\n', 'known.yaml:2: unknown key "typ"; did you mean "type"?'],
    ['suppression:\n- type: A\n', 'known.yaml:1: unknown key "suppression"; did you mean "suppressions"?'],
    ['suppressions:\n- type: A\n', /known\.yaml:2: "reason": /],
    ['suppressions:\n- reason: x\n', 'known.yaml:2: this suppression says nothing about what to suppress'],
    ['suppressions:\n- type: A\n  reason: x\n  issue: here\n', /known\.yaml:4: "issue": Invalid URL/],
    ['suppressions:\n- type: A\n  reason: x\n  expires: soon\n', /known\.yaml:4: "expires": /],
    ['suppressions:\n- just a text\n', /known\.yaml:2: each entry must have keys/],
    ['suppressions: 3\n', /known\.yaml:1: "suppressions" must be a list/],
    ['suppressions:\n- type: [\n', /^known\.yaml:\d: /],
    ['', /known\.yaml:1: write "suppressions:"/],
    ['- a\n', /known\.yaml:1: write "suppressions:"/],
  ])('%j is wrong', (text, message) => {
    expect(() => yaml(text)).toThrow(message);
    expect(() => yaml(text)).toThrow(UsageError);
  });

  it('that is not there is one sentence', () => {
    expect(() => readSuppressions('/no/such', 'such', '2026-01-01')).toThrow('such could not be read (ENOENT)');
  });

  it('of any content is understood or refused with file and line', () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom('suppressions:', '- type: A', '  reason: x', '  expires: 2020-01-01', '? &a', '*a'),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        try {
          yaml(lines.join('\n'));
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
          expect((error as Error).message).toMatch(/^known\.yaml:\d+: /);
        }
      }),
    );
  });
});

describe('known growth does not fail', () => {
  const accept = (text: string, growth: Growth[]) =>
    acceptGrowth(check(growth), { suppressions: yaml(text).entries, baseline: undefined });

  it.each([
    ['type: Shop.*'],
    ['fingerprint: aabbccdd'],
    ['path: "static Shop.Store.*"'],
    ['channel: instances'],
    ['type: Shop.*\n  maxBytesPerOperation: 340'],
  ])('%s', (rule) => {
    const judged = accept(`suppressions:\n- ${rule}\n  reason: known\n  issue: https://x.test/1\n`, [session]);
    expect(judged.verdict).toBe('PASS');
    expect(judged.growth).toEqual([]);
    expect(judged.accepted).toMatchObject([
      { type: 'Shop.Session', by: 'suppression', why: 'known (https://x.test/1)', where: 'known.yaml:2' },
    ]);
  });

  it.each([
    ['type: Other.*'],
    ['type: Shop.*\n  maxBytesPerOperation: 300'],
    ['path: List'],
    ['type: Shop.*\n  channel: handles'],
  ])('%s is another matter, and is told as unused', (rule) => {
    const judged = accept(`suppressions:\n- ${rule}\n  reason: known\n`, [session]);
    expect(judged.verdict).toBe('LEAK');
    expect(judged.notes).toEqual(['known.yaml:2: this suppression matched nothing (known)']);
  });

  it('leaves what is not covered', () => {
    const judged = accept('suppressions:\n- type: Shop.*\n  reason: known\n', [session, native]);
    expect(judged.verdict).toBe('LEAK');
    expect(judged.growth).toEqual([native]);
  });

  it('a limit in bytes covers nothing whose bytes are not known', () => {
    const { bytesPerOperation: _bytes, ...unmeasured } = session;
    expect(accept('suppressions:\n- type: "*"\n  reason: x\n  maxBytesPerOperation: 1MB\n', [unmeasured]).verdict).toBe(
      'LEAK',
    );
  });

  it('makes no pass of a check that could not be done', () => {
    const judged = acceptGrowth(check([], 'INFRASTRUCTURE_ERROR'), {
      suppressions: [],
      baseline: { schema: 1, checks: {} },
    });
    expect(judged.verdict).toBe('INFRASTRUCTURE_ERROR');
  });
});

describe('a baseline', () => {
  const folder = () => mkdtempSync(join(tmpdir(), 'baseline-'));
  it('keeps other checks, and passes what grows as before', () => {
    const path = join(folder(), 'base.json');
    writeBaseline(path, { schema: 1, checks: { other: { growth: [] } } }, 'POST /run', [session, native]);
    const baseline = readBaseline(path, 'base.json');
    expect(Object.keys(baseline?.checks ?? {})).toEqual(['other', 'POST /run']);
    const judged = acceptGrowth(check([session, native]), { suppressions: [], baseline });
    expect(judged.verdict).toBe('PASS');
    expect(judged.accepted?.map(({ by }) => by)).toEqual(['baseline', 'baseline']);
    rmSync(join(path, '..'), { recursive: true });
  });

  it('fails what is new, faster or larger', () => {
    const path = join(folder(), 'base.json');
    const baseline = writeBaseline(path, undefined, 'POST /run', [session]);
    const verdict = (growth: Growth[], name = 'POST /run') =>
      acceptGrowth({ ...check(growth), name }, { suppressions: [], baseline }).verdict;
    expect(verdict([session])).toBe('PASS');
    expect(verdict([native])).toBe('LEAK');
    expect(verdict([{ ...session, perOperation: 2, low: 1.9, high: 2.1 }])).toBe('LEAK');
    expect(verdict([{ ...session, bytesPerOperation: 900 }])).toBe('LEAK');
    expect(verdict([{ ...session, perOperation: 1.04, low: 1.03, high: 1.05 }])).toBe('PASS');
    expect(verdict([session], 'POST /other')).toBe('LEAK');
    rmSync(join(path, '..'), { recursive: true });
  });

  it('that is damaged is one sentence; one that is not there is none', () => {
    const path = join(folder(), 'base.json');
    expect(readBaseline(path, 'base.json')).toBeUndefined();
    writeFileSync(path, '{');
    expect(() => readBaseline(path, 'base.json')).toThrow(/the baseline file base\.json could not be read/);
    writeFileSync(path, '{"schema":1}');
    expect(() => readBaseline(path, 'base.json')).toThrow(/base\.json is no baseline: checks/);
    expect(readFileSync(path, 'utf8')).toBe('{"schema":1}');
    rmSync(join(path, '..'), { recursive: true });
  });
});

describe('wildcards', () => {
  it.each([
    ['Shop.Session', 'Shop.*', true],
    ['Shop.Session', '*Session', true],
    ['Shop.Session', 'Shop.?ession', true],
    ['Shop.Session', 'Shop', false],
    ['', '*', true],
    ['', '?', false],
    ['a.b.c', '*.*.*', true],
    ['Shop.Session', 'shop.*', false],
  ])('%s ~ %s: %s', (text, pattern, expected) => expect(matchesWildcards(text, pattern)).toBe(expected));

  it('take no exponential time', () => {
    expect(matchesWildcards('a'.repeat(5000), `${'*a'.repeat(50)}b`)).toBe(false);
  });
});
