import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { planGrowthCheck } from '../plan/plan-growth-check.ts';
import { type Kind, RIGHT } from './kind.ts';
import { APART_KINDS } from './kinds-apart.ts';
import { ARENA_KINDS } from './kinds-arenas.ts';
import { COLLECTION_KINDS } from './kinds-collections.ts';
import { PAGE_KINDS } from './kinds-pages.ts';
import { SKEWED_KINDS, UNBOUNDED_KINDS } from './kinds-skewed.ts';
import { TUNED_KINDS } from './kinds-tuned.ts';
import { channel, instances } from './parts.ts';
import { SimulatedProgram } from './program.ts';
import { recordedProgram } from './recorded.ts';
import { runKind } from './run.ts';
import { tally } from './tally.ts';

const KINDS = [...TUNED_KINDS, ...APART_KINDS];
/** Too rare for the operations that a quick check does, or its limit too far: counted by the bench, promised by nobody. */
const BEYOND = new Set([
  'one in 200, HTTP',
  'random keys, 20000',
  'one in 150 of the platform',
  'on errors, 1 %, five objects',
]);
/** Of these the whole 20 seeds are run, of the others 3: whole checks take their time. */
const TWENTY = new Set([
  'one object per operation',
  'descriptors',
  'malloc 300 bytes',
  'nothing',
  'cache of 5000',
  'expires after 3 s',
  'a timer, 100 ms',
]);

describe('generated programs', () => {
  it.each(KINDS.filter(({ name }) => !BEYOND.has(name)).map((kind) => [kind.name, kind] as const))(
    '%s',
    (name, kind) => {
      const seeds = TWENTY.has(name) ? 20 : 3;
      const { right, verdicts } = tally(kind, seeds);
      expect({ right, verdicts: [...verdicts.keys()] }).toEqual({ right: seeds, verdicts: [expect.any(String)] });
    },
  );
});

describe('a leak of malloc', () => {
  // What the compiler took during the warm-up it gives back in the measured rounds: they end below their start.
  const kind: Kind = {
    ...{ name: 'the compiler frees an arena', label: 'leak', operationMs: 15 },
    parts: () => [channel('mallocBytes', (m) => 3000 * m.operations + (m.ms < 5000 ? 7.4e6 : 0))],
  };
  it.each([2, 3, 4])('is found where the runtime frees more than it grows, seed %i', (seed) => {
    expect(runKind(kind, seed, 'quick').conclusion.verdict).toBe('LEAK');
  });
});

describe('a leak beside a cache that a timer fills', () => {
  const filledBy = (end: number): Kind => ({
    ...{ name: 'filled by a timer', label: 'leak', operationMs: 5 },
    parts: () => [instances('Shop.Text', (m) => m.operations + Math.min(end, Math.floor(m.ms / 20)))],
  });
  it.each([1, 2, 3, 4])('does not grow with time once that is full, and does until then, seed %i', (seed) => {
    const inTime = (end: number) => {
      const { verdict, growth } = runKind(filledBy(end), seed, 'quick').conclusion;
      expect({ verdict, first: growth.some(({ follows }) => follows === 'operation') }).toEqual({
        ...{ verdict: 'LEAK', first: true },
      });
      return growth.filter(({ follows }) => follows === 'time').length;
    };
    expect(inTime(600)).toBe(0);
    expect(inTime(1e9)).toBe(1);
  });
});

/** Some kinds of a list: the bench counts all of them, with more seeds. */
const some = (kinds: readonly Kind[], names: RegExp) =>
  kinds.filter(({ name }) => names.test(name)).map((kind) => [kind.name, kind] as const);

describe('native memory beside arenas of the compiler', () => {
  it.each([
    ...some(ARENA_KINDS, /^(0|2000) B, 2 ms, (comes and|freed in|comes in)/),
    ...some(ARENA_KINDS, /^(native|slabs|buffers)/),
    ...some(PAGE_KINDS, /^20000 B, 15 ms|^one of (300|2000) native entries of 4 kB, 5 ms/),
  ])('%s', (_, kind) => {
    expect([...tally(kind, 6).verdicts]).toEqual([[RIGHT[kind.label], 6]]);
  });
});

describe('collections without an object for each item', () => {
  it.each([
    ...some(COLLECTION_KINDS, /^(List<struct>|HashSet|MemoryStream|List<int>).*, 20 per operation of (2|12) ms/),
    ...some(COLLECTION_KINDS, /^(MemoryStream|List<int>).*at most 500, operations of 12 ms/),
    ...some(COLLECTION_KINDS, /^(buckets|a table|a ring|a batch).* 2 ms/),
  ])('%s', (_, kind) => {
    expect([...tally(kind, 8).verdicts]).toEqual([[RIGHT[kind.label], 8]]);
  });
});

describe('users of whom some come far more often than others', () => {
  it.each(some(SKEWED_KINDS, /^(1000|3000) users by Zipf (0.8|1|1.15), (2|12) ms/))('%s are no leak', (_, kind) => {
    expect([...tally(kind, 5).verdicts.keys()]).not.toContain('LEAK');
  });

  it.each(some(UNBOUNDED_KINDS, /./))('%s is one, or not decided', (_, kind) => {
    const { right, verdicts } = tally(kind, 3);
    expect(right + (verdicts.get('INCONCLUSIVE') ?? 0)).toBe(3);
  });
});

describe('recorded programs', () => {
  const file = (name: string) =>
    readFileSync(new URL(`../../../../fixtures/growth-series/${name}`, import.meta.url), 'utf8');
  const verdictOf = (name: string, seed: number) => {
    const part = recordedProgram(file(`${name}-gc-types.csv`), file(`${name}-gc-channels.csv`));
    const program = new SimulatedProgram({ parts: [part], operationMs: 5, seed });
    // The records begin cold and are 720 operations long: a warm-up of 8 recorded rounds, then rounds of a half.
    const plan = planGrowthCheck({ mode: 'quick', seed, idleMs: 4000, dose: 15, warmUpOperations: 240 });
    for (let step = plan.next(program.ms); step.kind !== 'end'; step = plan.next(program.ms)) {
      plan.add(step, program.run(step));
    }
    return plan.conclude();
  };

  it.each([
    ['leak', 'LEAK', 'LeakObj'],
    ['event', 'LEAK', 'Subscriber'],
    ['native', 'LEAK', undefined],
    ['cache', 'PASS', undefined],
    ['json', 'PASS', undefined],
    ['idle', 'PASS', undefined],
  ])('%s is %s', (name, verdict, type) => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const conclusion = verdictOf(name, seed);
      expect(conclusion).toMatchObject({ verdict });
      if (type !== undefined) expect(conclusion.growth.map((one) => one.type)).toContain(type);
    }
  });
});
