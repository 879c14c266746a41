import type { Sample } from '../series/sample.ts';
import { bytesSeries, typeSeries } from '../series/series.ts';
import { Window } from '../series/window.ts';
import { sum } from '../statistics/order.ts';
import { byteLimit } from './bytes.ts';
import type { Evidence } from './evidence.ts';
import type { Judgement } from './judgement.ts';
import type { SurgeOutcome } from './surge.ts';

/** Bytes of a collection for each object in it: entries with two large keys, and room for twice as many. */
export const MOST_PER_SLOT = 128;
const LEAST_STEPS = 3;
/** Smaller rises are small buffers that come and go beside the steps. */
const STEP = 0.05;
/** Part of all operations after which the last step must have come: what doubles does so at the half of them or later. */
const LATE = 1 / 3;
/** Operations of surge and rounds after it over those before: below this a doubled array may just have been due. */
const LEAST_TIMES = 4;
/** Lowest mean rate, as part of the rate before, of a capacity that lies between once and twice what is in it. */
const STAYS = 0.3;

/**
 * Bytes of a type whose number of objects stays: a collection of numbers or structures takes a larger array at a time, mostly
 * twice as large, so that its level is a staircase and most rounds add nothing. Few steps come in the measured rounds alone:
 * those of the warm-up count. Only more operations tell it from a collection that has found its size.
 * @param samples warm-up included; those from `base` on are the measured rounds
 */
export function judgeSteps(samples: readonly Sample[], base: number): Judgement[] {
  const whole = new Window(samples);
  // Not per dose: the arrays of one type have none of the noise of a whole heap.
  const limit = byteLimit('managedBytes', Number.POSITIVE_INFINITY);
  return typeSeries(samples).flatMap((one): Judgement[] => {
    const series = bytesSeries(one);
    if (series === undefined || Math.abs((one.levels.at(-1) ?? 0) - (one.levels[base] ?? 0)) >= 3) return [];
    const growth = whole.growth(series.levels);
    const total = sum(growth);
    const rate = total / Math.max(1, whole.operations);
    if (!(rate > limit) || !inSteps(growth, total, whole)) return [];
    return [
      {
        ...{ series: { ...series, levels: series.levels.slice(base) }, status: 'candidate', steps: true },
        ...{ why: 'it grew in few steps', follows: 'operation', rate, low: rate / 2, high: 2 * rate },
        ...{ idlePerRound: 0, perRound: total / Math.max(1, whole.rounds), total },
        ...{ probability: 1, slowing: false, hint: false },
      },
    ];
  });
}

function inSteps(growth: readonly number[], total: number, { doses, operations }: Window): boolean {
  const rises = growth.flatMap((rise, at) => (rise > STEP * total ? [{ rise, at }] : []));
  const falls = -sum(growth.filter((value) => value < 0));
  const last = rises.at(-1);
  if (rises.length < LEAST_STEPS || last === undefined || falls > 0.25 * total) return false;
  return rises.every(({ at }) => doses[at] !== 0) && sum(doses.slice(0, last.at + 1)) >= LATE * operations;
}

/** Whether the mean rate stays over many times the operations. */
export function stepsOutcome({ series, rate }: Judgement, evidence: Evidence): SurgeOutcome {
  const { surge, after, measured } = evidence.marks;
  const levels = evidence.levels(series);
  const later = [...surge, ...after];
  const operations = evidence.operations(later);
  const before = evidence.operationsBefore + evidence.operations(evidence.measured());
  if (operations < LEAST_TIMES * before)
    return { kind: 'unclear', why: 'the surge was too small for growth in so few steps' };
  const grown = (levels.at(-1) ?? 0) - (levels[measured] ?? 0);
  // Objects that came with the surge: their own growth is judged, and an array stays large when they go.
  if (evidence.mostObjects(measured, later) * MOST_PER_SLOT >= grown)
    return { kind: 'limit', why: 'it is as large as the most that it held at one time' };
  const steps = surge.filter((at) => evidence.growth(levels, [at]) > 0).length;
  // One large dose may see several: what is about four times as large has doubled twice.
  const twice = steps >= 2 || grown >= 2.5 * (levels[measured] ?? 0);
  if (grown >= STAYS * rate * operations && twice) return { kind: 'grows', rate: grown / operations, why: '' };
  return { kind: 'limit', why: `it reached a limit: ${operations} more operations did not make it grow as before` };
}
