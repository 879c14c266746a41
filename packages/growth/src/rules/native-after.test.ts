import { expect, it } from 'vitest';
import type { Sample } from '../series/sample.ts';
import { assess } from './assess.ts';
import { decide } from './decide.ts';
import { Evidence } from './evidence.ts';

/** malloc in use of a program, as read on a machine with much else to do; each operation loses 9040 bytes or, in the twin, none. */
function malloc(lost: number) {
  const doses = [
    11, 11, 0, 22, 22, 11, 0, 22, 11, 0, 22, 0, 11, 22, 11, 0, 0, 22, 11, 11, 22, 0, 0, 11, 22, 11, 27, 84, 112, 22, 11,
    0, 22, 0, 11, 126, 341, 524, 22, 0, 11, 22, 0, 11,
  ];
  const bytes = [
    11908064, 10192144, 6654352, 6925008, 8052096, 7037152, 7037568, 7900784, 8407216, 8606992, 8805936, 8084864,
    7412336, 7630032, 7729472, 7795536, 7721536, 7920416, 9479168, 9578608, 9783088, 9784464, 8538976, 8476480, 8610976,
    8687760, 9071952, 9841776, 10854672, 10912880, 11012320, 11012320, 11211504, 11211504, 11310944, 12698384, 15655440,
    20661360, 20615600, 20484496, 20570512, 20769392, 20769392, 20868832,
  ];
  let operations = 0;
  const samples = doses.map((dose, index): Sample => {
    operations += index === 0 ? 0 : dose;
    return {
      step: { kind: 'round', index, phase: 'measure', dose },
      types: new Map(),
      channels: new Map([['mallocBytes', (bytes[index] ?? 0) - (9040 - lost) * operations]]),
      reading: { types: [], channels: {}, pauseMs: 0, durationMs: 100 },
      wallMs: 300,
    };
  });
  const surge = [26, 27, 28, 35, 36, 37];
  const after = [...samples.keys()].filter((at) => at > 26 && !surge.includes(at));
  const evidence = new Evidence(samples, { measured: 24, idle: [25], surge, after }, 70);
  return decide(assess(samples.slice(0, 25), 'quick'), evidence).find(
    ({ judgement }) => judgement.series.channel === 'mallocBytes',
  );
}

it('a leak of native memory is told where the compiler freed as much in the few operations behind the large doses', () => {
  expect(malloc(9040)).toMatchObject({ outcome: 'leak' });
  expect(malloc(0)?.outcome ?? 'harmless').toBe('harmless');
});
