import { describe, expect, it } from 'vitest';
import type { Sample } from '../series/sample.ts';
import { assess } from './assess.ts';
import { decide } from './decide.ts';
import { Evidence, type Marks } from './evidence.ts';

/* What real programs without leaks were read to have, on a machine with much else to do. */

interface Recorded {
  readonly doses: readonly number[];
  readonly levels: readonly number[];
  /** Positions in these, from the last round of the warm-up on. */
  readonly marks: Marks;
  readonly operationsBefore: number;
  readonly type?: string;
  /** So many strings beside one for each of them, and one more at the end. */
  readonly others?: number;
}

/** ms of a round, and of a rest. */
const WALL = { round: 500, idle: 4500 };

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);

/** Twelve measured rounds, one rest, two surges of three parts with six usual rounds behind each. */
const TWO_SURGES: Marks = {
  ...{ measured: 12, idle: [13], surge: [14, 15, 16, 23, 24, 25] },
  after: [...range(17, 22), ...range(26, 31)],
};

function decided({ doses, levels, marks, operationsBefore, type = 'Shop.Entry', others = 0 }: Recorded) {
  const samples = doses.map((dose, index): Sample => {
    const types = new Map<string, readonly [number, number]>([
      [`${type}\u0000`, [levels[index] ?? 0, 40 * (levels[index] ?? 0)] as const],
    ]);
    const strings = others + (levels[index] ?? 0) + (index > doses.length - 3 ? 1 : 0);
    if (others > 0) types.set('System.String\u0000CoreLib', [strings, 60 * strings]);
    const reading = { types: [], channels: {}, pauseMs: 0, durationMs: 100 };
    const wallMs = marks.idle.includes(index) ? WALL.idle : WALL.round;
    const step = { kind: 'round', index, phase: 'measure', dose } as const;
    return { step, types, channels: new Map(), reading, wallMs } as unknown as Sample;
  });
  const assessment = assess(samples.slice(0, marks.measured + 1), 'quick');
  return decide(assessment, new Evidence(samples, marks, operationsBefore));
}

describe('recorded programs', () => {
  it('answers kept for some seconds, which go when a minute has passed', () => {
    const [entry] = decided({
      doses: [
        ...[25, 50, 0, 25, 25, 50, 0, 0, 25, 50, 0, 25, 50, 25, 25, 142, 428, 571, 0, 50, 25, 0, 25, 50],
        ...[656, 1969, 2627, 0, 50, 25, 50, 25, 0],
      ],
      levels: [
        ...[83, 130, 130, 154, 179, 228, 228, 228, 253, 299, 299, 320, 365, 389, 411, 533, 864, 1222],
        ...[1222, 848, 866, 866, 886, 924, 1322, 2138, 2648, 2648, 2652, 2656, 2664, 2670, 2670],
      ],
      marks: {
        measured: 12,
        idle: [13, 14],
        surge: [15, 16, 17, 24, 25, 26],
        after: [...range(18, 23), ...range(27, 32)],
      },
      operationsBefore: 83,
    });
    expect(entry).toMatchObject({ outcome: 'harmless', why: 'it slows down, and what had come before was let go' });
  });

  it('a cache of 3000, asked for 9000 keys, which is full', () => {
    const [entry] = decided({
      doses: [
        ...[23, 28, 62, 0, 31, 31, 62, 0, 0, 31, 62, 0, 31, 62, 31, 31, 227, 305, 424, 0, 62, 31, 0, 31, 62],
        ...[883, 2031, 2169, 0, 62, 31, 62, 31, 0],
      ].slice(1),
      levels: [
        ...[78, 106, 168, 168, 199, 230, 291, 291, 291, 320, 377, 377, 406, 463, 493, 523, 733, 1014, 1382, 1382],
        ...[1435, 1465, 1465, 1492, 1542, 2252, 2935, 2908, 2908, 2950, 2972, 2858, 2882, 2882],
      ].slice(1),
      marks: {
        measured: 12,
        idle: [13, 14],
        surge: [15, 16, 17, 24, 25, 26],
        after: [...range(18, 23), ...range(27, 32)],
      },
      operationsBefore: 110,
    });
    expect(entry).toMatchObject({ outcome: 'harmless', why: expect.stringMatching(/^it reached a limit/) });
  });

  it('customers asked for by skewed keys, 8000 in all, are not said to grow without end', () => {
    const [entry] = decided({
      doses: [
        ...[25, 44, 0, 22, 22, 44, 0, 0, 22, 44, 0, 22, 44, 22, 325, 930, 1345, 0, 44, 22, 0, 22, 44],
        ...[1375, 4125, 5500, 0, 44, 22, 44, 22, 0],
      ],
      levels: [
        ...[79, 113, 113, 134, 155, 190, 190, 190, 212, 250, 250, 268, 306, 322, 579, 1187, 1914, 1914, 1934, 1944],
        ...[1944, 1958, 1980, 2608, 4024, 5210, 5210, 5221, 5228, 5232, 5235, 5235],
      ],
      marks: TWO_SURGES,
      operationsBefore: 83,
    });
    expect(entry).toMatchObject({ outcome: 'unsure', why: expect.stringContaining('--surge') });
  });

  it('three strings for each of 10,000 entries, the last of which came in the last round but two', () => {
    const [entry] = decided({
      doses: [
        ...[81, 198, 0, 99, 99, 198, 0, 0, 99, 198, 0, 99, 198, 99, 202, 523, 744, 0, 198, 99, 0, 99, 198],
        ...[762, 2288, 3052, 0, 198, 99, 198, 99, 0],
      ],
      levels: [
        ...[3954, 4548, 4549, 4846, 5143, 5737, 5737, 5737, 6034, 6628, 6628, 6925, 7519, 7827, 8433, 10_002, 12_228],
        ...[12_228, 12_816, 13_110, 13_110, 13_407, 14_001, 16_284, 23_140, 32_237, 32_237, 32_835, 32_907, 32_907],
        ...[32_907, 32_907],
      ],
      marks: TWO_SURGES,
      operationsBefore: 358,
    });
    expect(entry).toMatchObject({ outcome: 'harmless', why: expect.stringMatching(/^it reached a limit/) });
  });

  it('arrays of the buffer pool, some of which came while it rested, and all of which went', () => {
    const [arrays] = decided({
      type: 'System.Object[]',
      doses: [
        ...[10, 10, 20, 0, 0, 20, 10, 20, 10, 0, 20, 0, 10, 10, 20, 0, 0, 20, 10, 10, 20, 0, 10, 20, 0],
        ...[10, 34, 100, 60, 10, 0, 20, 20, 0, 10, 92, 277, 371, 20, 0, 10, 10, 0, 20],
      ],
      levels: [
        ...[158, 158, 164, 164, 164, 164, 164, 164, 165, 165, 165, 165, 166, 167, 167, 168, 168, 168, 168, 169, 169],
        ...[169, 170, 170, 170, 176, 191, 195, 195, 195, 195, 195, 195, 169, 169, 155, 155, 155, 155, 155, 155, 155],
        ...[155, 155],
      ],
      marks: { measured: 24, idle: [25], surge: [26, 27, 28, 35, 36, 37], after: [...range(29, 34), ...range(38, 43)] },
      operationsBefore: 69,
    });
    expect(arrays).toMatchObject({ outcome: 'harmless', why: 'it was let go later in the check' });
  });

  it('strings for folders that others made below the program’s own, some of them during the large doses', () => {
    const [strings] = decided({
      type: 'System.String',
      doses: [
        ...[11, 13, 26, 0, 0, 13, 26, 0, 26, 13, 13, 26, 0, 312, 0, 156, 0, 156, 312, 0, 312, 156, 312, 156, 0, 156],
        ...[248, 720, 156, 0, 312, 156, 0, 156, 312],
      ],
      levels: [
        ...[4212, 4214, 4216, 4217, 4217, ...Array<number>(20).fill(4221)],
        ...[4225, 4226, ...Array<number>(8).fill(4235)],
      ],
      marks: { measured: 24, idle: [25], surge: [26, 27], after: range(28, 34) },
      operationsBefore: 60,
    });
    expect(strings).toMatchObject({ outcome: 'harmless', why: expect.stringContaining('large dose once') });
  });

  it('series of a metric, all of which are there, and the strings that name them', () => {
    const decisions = decided({
      others: 2500,
      doses: [
        ...[16, 0, 15, 30, 15, 30, 0, 15, 0, 30, 15, 30, 0, 15, 75, 225, 301, 30, 0, 15, 15, 30, 0],
        ...[922, 2767, 3690, 15, 30, 0, 0, 30, 15],
      ],
      levels: [
        ...[836, 836, 847, 873, 887, 909, 909, 914, 918, 943, 951, 978, 978, 986, 1025, 1125, 1220, 1228, 1228, 1229],
        ...[1231, 1240, 1240, 1442, 1749, 1965, 1965, 1965, 1965, 1965, 1965, 1965],
      ],
      marks: TWO_SURGES,
      operationsBefore: 61,
    });
    expect(decisions.map(({ outcome }) => outcome)).toEqual(['harmless', 'harmless']);
  });
});
