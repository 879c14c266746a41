import { describe, expect, it } from 'vitest';
import type { Sample } from '../series/sample.ts';
import type { Series } from '../series/series.ts';
import { Window } from '../series/window.ts';
import { judgeBytes } from './bytes.ts';
import { judgeInteger } from './integers.ts';

const ORDERS = [
  [0, 1, 2],
  [2, 0, 1],
  [1, 2, 0],
  [1, 0, 2],
];

/** Rounds of 0, k and 2k in a fixed mixture of orders. */
function windowOf(blocks: number, k = 10): Window {
  return windowOfDoses(
    Array.from({ length: blocks }, (_, at) => (ORDERS[at % 4] ?? []).map((times) => times * k)).flat(),
  );
}

function windowOfDoses(doses: readonly number[]): Window {
  return new Window(
    [0, ...doses].map(
      (dose, index): Sample => ({
        step: { kind: 'round', index, phase: 'measure', dose },
        types: new Map(),
        channels: new Map(),
        reading: { types: [], channels: {}, pauseMs: 0, durationMs: 100 },
        wallMs: 200,
      }),
    ),
  );
}

/** Levels from what each round adds. */
function levels(window: Window, add: (dose: number, round: number) => number): number[] {
  let level = 100;
  return [level, ...window.doses.map((dose, round) => (level += add(dose, round)))];
}

function integer(
  window: Window,
  add: (dose: number, round: number) => number,
  { channel = 'instances', ...more }: Partial<Series> = {},
  threads: number[] | null = null,
) {
  const type = channel === 'instances' ? { type: 'Shop.T', module: 'Shop' } : {};
  const series: Series = { channel, ...type, own: true, levels: levels(window, add), ...more };
  return judgeInteger(series, { window, mode: 'quick', threads });
}

describe('integers', () => {
  const window = windowOf(4);
  it('convicts one per operation after 12 rounds, with an exact interval', () => {
    expect(integer(window, (dose) => dose)).toMatchObject({
      status: 'candidate',
      rate: 1,
      low: 1,
      high: 1,
      follows: 'operation',
    });
  });

  it('calls a few more threads or mappings no growth with time, however few operations there were', () => {
    const few = windowOf(4, 2);
    const channel = { channel: 'mappings' };
    expect(integer(few, () => 1, channel)).toMatchObject({ status: 'flat' });
    expect(integer(few, () => 2, channel)).toMatchObject({ status: 'idle' });
  });

  it('calls fewer than 3 flat', () => {
    expect(integer(window, (_, round) => (round === 3 || round === 7 ? 1 : 0))).toMatchObject({
      status: 'flat',
      hint: true,
    });
  });

  it('clears a single step, a fall, and what stopped', () => {
    expect(integer(window, (_, round) => (round === 5 ? 30 : 0), { own: false })).toMatchObject({
      status: 'harmless',
      why: 'a single step',
    });
    expect(integer(window, (dose, round) => (round % 4 === 3 ? -12 : dose))).toMatchObject({ status: 'harmless' });
    expect(
      integer(windowOf(8), (dose, round) => (round < 9 ? Math.min(dose, round === 1 ? 1 : dose) : 0)),
    ).toMatchObject({
      status: 'harmless',
      slowing: true,
    });
  });

  it('sees growth without operations', () => {
    expect(integer(window, () => 4)).toMatchObject({ status: 'idle', follows: 'time', idlePerRound: 4 });
  });

  it('is unsure of growth per round after 12 rounds and says so after 24', () => {
    const add = (dose: number) => (dose > 0 ? 2 : 0);
    expect(integer(window, add, { channel: 'fileDescriptors' }).status).toBe('unsure');
    expect(integer(windowOf(8), add, { channel: 'fileDescriptors' })).toMatchObject({
      status: 'candidate',
      follows: 'round',
    });
  });

  it('clears what is bound to threads, but not when it follows the operations', () => {
    const threads = window.doses.map((_, round) => (round === 1 || round === 6 || round === 10 ? 2 : 0));
    expect(integer(window, (_, round) => 2 * (threads[round] ?? 0), { own: false }, threads)).toMatchObject({
      status: 'harmless',
      why: 'bound to threads',
    });
    expect(
      integer(
        window,
        (dose) => dose,
        {},
        window.doses.map((dose) => (dose > 0 ? 1 : 0)),
      ).status,
    ).toBe('candidate');
  });

  it('takes a few threads for the pool, many for a leak', () => {
    const own = { channel: 'threads', own: false };
    const large = windowOf(4, 100);
    expect(integer(large, (dose, round) => (dose > 0 && round % 2 === 0 ? 1 : 0), own).status).toBe('flat');
    expect(integer(large, (dose) => dose / 20, own).status).toBe('candidate');
  });

  it('sees the floor rise below a saw-tooth', () => {
    const long = windowOf(16);
    expect(integer(long, (dose, round) => dose + (round % 2 === 0 ? 90 : -90)).status).toBe('candidate');
    expect(integer(long, (_, round) => (round % 2 === 0 ? 90 : -90)).status).not.toBe('candidate');
  });
});

describe('bytes', () => {
  const bytes = (window: Window, add: (dose: number, round: number) => number, channel = 'mallocBytes') =>
    judgeBytes({ channel, own: false, levels: levels(window, add).map((level) => level + 1e6) }, window);

  it('needs 8 blocks to convict', () => {
    const add = (dose: number, round: number) => 600 * dose + (round % 3) * 400;
    expect(bytes(windowOf(4), add).status).toBe('unsure');
    expect(bytes(windowOf(8), add).status).toBe('candidate');
  });

  it('sees a leak through single wild readings', () => {
    // Read from a shop that leaks 4,000 bytes an operation; a megabyte of the JIT compiler's came and went.
    const doses = [200, 100, 0, 200, 0, 100, 100, 0, 200, 0, 200, 100];
    const growth = [
      939_664, 472_752, -1664, 2_066_144, 64, 403_008, 414_176, -1_376_592, 805_776, 854_224, 810_080, 396_928,
    ];
    const window = windowOfDoses(doses);
    const judgement = bytes(window, (_, round) => growth[round] ?? 0);
    expect(judgement.status).toBe('unsure');
    expect(judgement.rate / 4000).toBeCloseTo(1, 0);
    // The same came and went where nothing leaks.
    const noise = doses.map((dose, round) => (growth[round] ?? 0) - 4000 * dose);
    expect(bytes(window, (_, round) => noise[round] ?? 0).status).toBe('flat');
  });

  it('leaves out an arena that comes or goes, of two rounds of twelve and not of more', () => {
    const window = windowOf(4);
    const rate = (arenas: Readonly<Record<number, number>>) => {
      const judgement = bytes(window, (dose, round) => 2000 * dose + (round % 4) * 300 + (arenas[round] ?? 0));
      return {
        status: judgement.status,
        times: Math.round(judgement.rate / 2000),
        jumps: judgement.series.jumps?.length,
      };
    };
    const leak = { status: 'unsure', times: 1 };
    expect(rate({ 10: -3e6 })).toEqual({ ...leak, jumps: 1 });
    expect(rate({ 4: 2e6, 7: -2e6 })).toEqual({ ...leak, jumps: 2 });
    expect(rate({ 2: -1.5e6, 4: 2e6, 7: -2e6 }).jumps).toBeUndefined();
    // A megabyte in one step is no leak of its own.
    expect(bytes(window, (_, round) => (round === 4 ? 2e6 : 0)).status).toBe('flat');
  });

  it('leaves nothing out of the managed heap, which has no arenas of the compiler', () => {
    const growth = (dose: number, round: number) => 2000 * dose + (round === 10 ? -3e6 : 0);
    expect(bytes(windowOf(4), growth, 'managedBytes').series.jumps).toBeUndefined();
  });

  it('does not take one fall late in the check for the end of a leak', () => {
    // The same shop, in a quiet run.
    const doses = [0, 100, 200, 0, 200, 100, 100, 0, 200, 0, 100, 200];
    const growth = [0, 392_832, 808_640, 0, 806_480, 402_416, 402_192, 2544, -310_992, 0, 402_080, 795_264];
    expect(bytes(windowOfDoses(doses), (_, round) => growth[round] ?? 0).status).toBe('unsure');
    const back = [...[0, 811_664, 400_240, 404_368, 806_560, 0], ...[0, 803_200, 399_088, 403_008, -113_328, 526_672]];
    const others = [0, 200, 100, 100, 200, 0, 0, 200, 100, 100, 200, 0];
    expect(bytes(windowOfDoses(others), (_, round) => back[round] ?? 0).status).toBe('unsure');
    const stopped = growth.map((value, round) => (round < 6 ? value : 0));
    expect(bytes(windowOfDoses(doses), (_, round) => stopped[round] ?? 0).status).toBe('harmless');
  });

  it('calls less than its noise flat, and clears a decay', () => {
    expect(bytes(windowOf(8), (dose) => 20 * dose).status).toBe('flat');
    expect(bytes(windowOf(8), (dose, round) => (round < 9 ? 2000 * dose : 0)).status).not.toBe('candidate');
  });

  it('sees growth without operations', () => {
    expect(bytes(windowOf(8), () => 20_000).status).toBe('idle');
    expect(bytes(windowOf(4), () => 20_000).status).toBe('unsure');
  });
});
