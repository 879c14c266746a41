import { expect, it } from 'vitest';
import type { Sample } from '../series/sample.ts';
import { assess } from './assess.ts';
import { decide } from './decide.ts';
import { NOISE } from './drowns.ts';
import { Evidence, type Marks } from './evidence.ts';

const DOSES = [
  ...[22, 21, 42, 0, 42, 21, 0, 0, 42, 21, 42, 0, 21, 21, 62, 187, 251, 42, 0, 21, 21, 42, 0],
  ...[62, 187, 251, 0, 21, 42, 0, 42, 21],
];
/** Malloc in use of a program that opens files and keeps them, for which nothing is taken with malloc. */
const LEVELS = [
  ...[9_338_896, 9_628_992, 9_629_392, 5_760_560, 5_762_192, 5_107_248, 5_107_248, 5_107_248, 6_094_672, 6_103_216],
  ...[6_498_368, 6_498_368, 6_498_704, 5_125_344, 5_197_824, 5_204_288, 5_834_096, 6_491_408, 6_491_984, 6_493_392],
  ...[6_494_816, 5_380_480, 5_380_480, 5_383_840, 5_189_264, 5_334_944, 5_336_320, 5_336_320, 5_336_320, 5_336_320],
  ...[5_665_872, 5_669_200],
];
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);
const MARKS: Marks = {
  ...{ measured: 12, idle: [13], surge: [14, 15, 16, 23, 24, 25] },
  after: [...range(17, 22), ...range(26, 31)],
};

/** What is decided of these readings when each operation leaks that many bytes beside them. */
function decided(leak: number) {
  let operations = 0;
  const samples = DOSES.map((dose, index): Sample => {
    operations += index === 0 ? 0 : dose;
    return {
      step: { kind: 'round', index, phase: 'measure', dose },
      types: new Map(),
      channels: new Map([['mallocBytes', (LEVELS[index] ?? 0) + leak * operations]]),
      reading: { types: [], channels: {}, pauseMs: 0, durationMs: 100 },
      wallMs: MARKS.idle.includes(index) ? 4300 : 300,
    };
  });
  const assessment = assess(samples.slice(0, MARKS.measured + 1), 'quick');
  return decide(assessment, new Evidence(samples, MARKS, 99));
}

it('native memory whose noise passes for a rate is no leak where the large doses do not agree', () => {
  expect(decided(0)).toMatchObject([{ outcome: 'harmless', why: NOISE }]);
});

it.each([2000, 8000, 30_000])('a leak of %i bytes beside the same noise is one', (leak) => {
  expect(decided(leak)).toMatchObject([{ outcome: 'leak' }]);
});
