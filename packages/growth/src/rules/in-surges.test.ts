import { describe, expect, it } from 'vitest';
import type { Sample } from '../series/sample.ts';
import { channelSeries } from '../series/series.ts';
import { Evidence } from './evidence.ts';
import { rateInSurges } from './in-surges.ts';
import type { Judgement } from './judgement.ts';

const MEASURED = [0, 20, 10, 0, 20, 10, 20, 0];
const USUAL = [0, 20, 10, 0, 10, 20];

/** Malloc of a program whose usual rounds drown in noise, by how much the first dose and the two of a second surge add. */
function rate(first: number, second: number, third: number, channel = 'mallocBytes'): number | undefined {
  const noise = [3e6, -2e6, 1e6, -3e6, 2e6, 2e6, -3e6, 1e6];
  const steps = [
    ...MEASURED.map((dose, at) => [dose, noise[at] ?? 0] as const),
    ...[[0, 0] as const, [550, first] as const],
    ...USUAL.map((dose) => [dose, 0] as const),
    ...[[1600, second] as const, [2200, third] as const],
    ...USUAL.map((dose) => [dose, 0] as const),
  ];
  let bytes = 15e6;
  const samples = [[0, 0] as const, ...steps].map(([dose, added], index): Sample => {
    bytes += added;
    return {
      step: { kind: 'round', index, phase: 'measure', dose },
      types: new Map(),
      channels: new Map([[channel, bytes]]),
      reading: { types: [], channels: {}, pauseMs: 0, durationMs: 100 },
      wallMs: 200,
    };
  });
  const at = MEASURED.length + 2;
  const marks = {
    ...{ measured: MEASURED.length, idle: [MEASURED.length + 1] },
    surge: [at, at + USUAL.length + 1, at + USUAL.length + 2],
    after: [...USUAL.keys()].flatMap((one) => [at + 1 + one, at + USUAL.length + 3 + one]).toSorted((a, b) => a - b),
  };
  const series = channelSeries(samples).bytes.find((one) => one.channel === channel);
  return rateInSurges({ series } as Judgement, new Evidence(samples, marks, 500));
}

describe('native memory in large doses', () => {
  it('is a leak where all of them add the same for each operation', () => {
    expect(rate(12_000 * 550, 12_500 * 1600, 11_000 * 2200)).toBeCloseTo(11_300, -3);
  });

  it('is none where they do not agree, as with an arena or a cache that is full', () => {
    expect(rate(4e6, 4e6, 0)).toBeUndefined();
    expect(rate(12_000 * 550, 12_000 * 1600, 2000 * 2200)).toBeUndefined();
    expect(rate(1e6, 3e6, 4e6)).toBeUndefined();
  });

  it('is not asked of the managed heap, which a collection settles', () => {
    expect(rate(12_000 * 550, 12_500 * 1600, 11_000 * 2200, 'managedBytes')).toBeUndefined();
  });
});
