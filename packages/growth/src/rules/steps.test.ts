import { describe, expect, it } from 'vitest';
import { type Sample, typeKey } from '../series/sample.ts';
import { Evidence } from './evidence.ts';
import { judgeSteps, stepsOutcome } from './steps.ts';
import { OPEN } from './surge-outcome.ts';

const TYPE = 'System.ValueTuple<System.Int64, System.Guid>[]';

/** Readings of one list of structures of 24 bytes, whose array doubles, after these doses. */
function readings(doses: readonly number[], most = Number.POSITIVE_INFINITY, name = TYPE): Sample[] {
  let kept = 0;
  return doses.map((dose, index): Sample => {
    kept = Math.min(most, kept + dose);
    const bytes = 24 + 24 * 2 ** Math.ceil(Math.log2(Math.max(4, kept)));
    return {
      step: { kind: 'round', index, phase: 'measure', dose },
      types: new Map([[typeKey(name, 'System.Private.CoreLib.dll'), [1, bytes]]]),
      channels: new Map(),
      reading: { types: [], channels: {}, pauseMs: 0, durationMs: 100 },
      wallMs: 200,
    };
  });
}

const WARM_UP = [1, 10, 40, 110, 370, 800];
const MEASURED = [0, 1000, 2000, 0, 1000, 2000, 1000, 2000, 0, 1000, 0, 2000];
const AFTER = [0, 2000, 1000, 0, 1000, 2000];

function outcome(surge: readonly number[], most?: number) {
  const all = readings([...WARM_UP, ...MEASURED, 1000, ...surge, ...AFTER], most);
  const base = WARM_UP.length - 1;
  const [first] = judgeSteps(all.slice(0, WARM_UP.length + MEASURED.length), base);
  if (first === undefined) return 'no suspect';
  const end = MEASURED.length + 1 + surge.length;
  const marks = {
    ...{ measured: MEASURED.length, idle: [MEASURED.length + 1] },
    surge: surge.map((_, at) => MEASURED.length + 2 + at),
    after: AFTER.map((_, at) => end + 1 + at),
  };
  const operations = WARM_UP.reduce((sum, dose) => sum + dose, 0);
  return stepsOutcome(first, new Evidence(all.slice(base), marks, operations)).kind;
}

describe('a list of structures, whose array doubles', () => {
  it('grows also where one dose sees it double twice and no other sees it at all', () => {
    expect(outcome([1000, 60_000, 20_000])).toBe('grows');
  });

  it('reached a limit where it doubles once and no more', () => {
    expect(outcome([13_000, 39_000, 52_000], 20_000)).toBe('limit');
  });

  it('is a suspect however few operations a round has', () => {
    const slow = readings([2, 4, 10, 20, 40, 0, 14, 28, 0, 14, 28, 14, 28, 0, 14, 0, 28]);
    expect(judgeSteps(slow, 4).map(({ series }) => series.type)).toEqual([TYPE]);
  });

  it('is none where objects have a size for life', () => {
    const slow = readings([2, 4, 10, 20, 40, 0, 14, 28, 0, 14, 28, 14], undefined, 'Shop.Order');
    expect(judgeSteps(slow, 4)).toEqual([]);
  });
});

/** Recorded: each operation adds a row to a list and text to a StringBuilder, and after 5000 of them both are cleared. */
const BATCH = {
  warmUp: 118,
  doses: [
    ...[0, 86, 43, 0, 0, 43, 86, 86, 43, 0, 86, 43, 0, 43, 221, 665, 887, 0, 43, 86, 0, 86, 43, 958, 2875, 3835],
    ...[0, 86, 43, 0, 43, 86],
  ],
  rows: [
    ...[3120, 6192, 6192, 6192, 6192, 12336, 12336, 12336, 12336, 12336, 24624, 24624, 24624, 24624, 24624, 49200],
    ...[98352, 98352, 98352, 98352, 98352, 98352, 98352, 98352, 196656, 196656, 196656, 196656, 196656, 196656],
    ...[196656, 196656],
  ],
  text: [
    ...[13680, 22920, 22920, 22920, 22920, 38944, 38944, 38944, 54968, 54968, 54968, 54968, 54968, 54968, 70992],
    ...[119064, 183160, 183160, 199184, 199184, 199184, 199184, 215208, 279304, 374704, 370552, 370552, 370552],
    ...[370552, 370552, 370552, 370552],
  ],
};

function batchOutcome(bytes: readonly number[], operations = BATCH.doses) {
  const samples = operations.map(
    (dose, index): Sample => ({
      step: { kind: 'round', index, phase: 'measure', dose },
      types: new Map([[typeKey(TYPE, 'System.Private.CoreLib.dll'), [1, bytes[index] ?? 0]]]),
      channels: new Map(),
      reading: { types: [], channels: {}, pauseMs: 0, durationMs: 100 },
      wallMs: 200,
    }),
  );
  const marks = { measured: 12, idle: [13], surge: [14, 15, 16, 23, 24, 25], after: [17, 18, 19, 20, 21, 22] };
  const evidence = new Evidence(samples, { ...marks, after: [...marks.after, 26, 27, 28, 29, 30, 31] }, BATCH.warmUp);
  const total = (bytes[12] ?? 0) - (bytes[0] ?? 0);
  const rate = total / 516;
  const series = { channel: 'managedBytes' as const, type: TYPE, module: 'System.Private.CoreLib.dll', levels: bytes };
  return stepsOutcome({ series, rate, total, steps: true } as unknown as Parameters<typeof stepsOutcome>[0], evidence);
}

describe('arrays that were filled faster than can have gone on', () => {
  it('have met a limit where what fits is much less', () => {
    expect(batchOutcome(BATCH.text).kind).toBe('limit');
  });

  it('have perhaps where it is a little less', () => {
    expect(batchOutcome(BATCH.rows)).toEqual(OPEN);
  });

  it('of a rate that is kept were filled as it says', () => {
    let done = 0;
    const kept = BATCH.doses.map((dose) => {
      done += dose;
      return 24 + 24 * 2 ** Math.ceil(Math.log2(BATCH.warmUp + done));
    });
    expect(batchOutcome(kept).kind).toBe('grows');
  });
});
