import type { Sample } from '../series/sample.ts';
import { bytesSeries, typeSeries } from '../series/series.ts';
import { Window } from '../series/window.ts';
import { sum } from '../statistics/order.ts';
import { byteLimit } from './bytes.ts';
import type { Evidence } from './evidence.ts';
import type { Judgement } from './judgement.ts';
import { OPEN, type SurgeOutcome } from './surge-outcome.ts';

/** Bytes of a collection for each object in it: entries with two large keys, and room for twice as many. */
export const MOST_PER_SLOT = 128;
const LEAST_STEPS = 3;
/** Smaller rises are small buffers that come and go beside the steps. */
const STEP = 0.05;
/** Part of all operations after which the last step must have come: what doubles does so at the half of them or later. */
const LATE = 1 / 3;
/** And at the end, when what was in it before the first operation no longer counts; tables of primes grow by a little more than twice. */
const LATE_AT_END = 0.42;
/** Operations of surge and rounds after it over those before: below this a doubled array may just have been due. */
const LEAST_TIMES = 4;
/** Lowest mean rate, as part of the rate before, of a capacity that lies between once and twice what is in it. */
const STAYS = 0.3;
/** And as part of the least rate that is told at all. */
const LATE_RATE = 2 / 3;
/** Part of the last array from which one that was full tells the rate: by fewer items chance would. */
const TELLING = 1 / 16;
/** Bytes of an item, at least, of which so many are as many as chance may bring more of. */
const ITEM = 24;
/** Times the rate that still fits: what was filled so much faster has ended, whatever is left of it. */
const ENDED = 1.25;
/** Other arrays of the type that come and go, for each of which a step must have so many times its mean size. */
const OTHERS = 3;
/** New objects for each operation up to which the type is not taken for one of which objects leak: these are judged for themselves. */
const FEW_OBJECTS = 0.02;

/** A step of an array: where it came, and its bytes. */
interface Rise {
  readonly at: number;
  readonly bytes: number;
}

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
    const series = varies(one.type) ? bytesSeries(one) : undefined;
    const came = Math.abs((one.levels.at(-1) ?? 0) - (one.levels[base] ?? 0));
    if (series === undefined || came >= Math.max(3, FEW_OBJECTS * whole.operations)) return [];
    const total = sum(whole.growth(series.levels));
    const rate = total / Math.max(1, whole.operations);
    if (!(rate > limit) || !inSteps(series.levels, one.levels, whole)) return [];
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

/** An object of any other type has its size for life: more bytes are more objects. */
const varies = (type = '') => type.endsWith(']') || type === 'System.String';

function inSteps(bytes: readonly number[], objects: readonly number[], { doses, operations }: Window): boolean {
  const total = (bytes.at(-1) ?? 0) - (bytes[0] ?? 0);
  const { rises, falls } = stepsOf(bytes, objects, 0);
  const last = rises.at(-1);
  if (rises.length < LEAST_STEPS || last === undefined || falls > 0.25 * total) return false;
  return rises.every(({ at }) => doses[at - 1] !== 0) && sum(doses.slice(0, last.at)) >= LATE * operations;
}

/**
 * Steps since the level at `from`: rises that are large beside all that came, and beside the other arrays of the type that came in
 * the same round. Arrays of bytes and numbers are what everybody has some of.
 */
function stepsOf(
  bytes: readonly number[],
  objects: readonly number[],
  from: number,
): { rises: readonly Rise[]; falls: number } {
  const least = STEP * ((bytes.at(-1) ?? 0) - (bytes[from] ?? 0));
  const each = (bytes[0] ?? 0) / Math.max(1, objects[0] ?? 0);
  const changes = bytes.flatMap((level, at): Rise[] => {
    const change = level - (bytes[at - 1] ?? 0);
    const others = Math.abs((objects[at] ?? 0) - (objects[at - 1] ?? 0));
    return at > from && Math.abs(change) > Math.max(least, OTHERS * others * each) ? [{ at, bytes: change }] : [];
  });
  const falls = -sum(changes.map((one) => Math.min(0, one.bytes)));
  return { rises: changes.filter((one) => one.bytes > 0), falls };
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
  const limit: SurgeOutcome = {
    ...{ kind: 'limit', why: `it reached a limit: ${operations} more operations did not make it grow as before` },
  };
  const grown = (levels.at(-1) ?? 0) - (levels[measured] ?? 0);
  // Objects that came with the surge: their own growth is judged, and an array stays large when they go.
  if (evidence.mostObjects(measured, later) * MOST_PER_SLOT >= grown)
    return { kind: 'limit', why: 'it is as large as the most that it held at one time' };
  const { rises } = stepsOf(levels, evidence.objects(series), measured);
  // One large dose may see several: what is about four times as large has doubled twice.
  const twice = rises.length >= 2 || grown >= 2.5 * (levels[measured] ?? 0);
  const until = evidence.operationsBefore + evidence.operations(positionsTo(rises.at(-1)?.at ?? 0));
  if (until < LATE_AT_END * (evidence.operationsBefore + evidence.operations(positionsTo(levels.length - 1))))
    return limit;
  const least = LATE_RATE * byteLimit('managedBytes', Number.POSITIVE_INFINITY);
  if (!twice || grown < Math.max(STAYS * rate, least) * operations) return limit;
  const slowed = slowedBy(levels, stepsOf(levels, evidence.objects(series), 0).rises, evidence);
  if (slowed > 1) return slowed > ENDED && evidence.hasSecondSurge ? limit : OPEN;
  return { kind: 'grows', rate: grown / operations, why: '' };
}

/**
 * By how much faster it was filled than can have gone on: 1 and less where one rate fills each array when the next one came, and fits
 * into the last. What doubles leaves room for many rates; several steps leave less.
 */
function slowedBy(levels: readonly number[], rises: readonly Rise[], evidence: Evidence): number {
  const [first = 0, last = 0] = [levels[0], levels.at(-1)];
  const most = (last - first / 2) / Math.max(1, evidence.operations(positionsTo(levels.length - 1)));
  const times = rises.map(({ at }) => {
    const full = (levels[at - 1] ?? first) - first;
    const chance = 2 / Math.sqrt(Math.max(1, full / ITEM));
    return full < TELLING * last ? 0 : full / evidence.operations(positionsTo(at)) / most / (1 + chance);
  });
  return Math.max(0, ...times);
}

const positionsTo = (last: number): number[] => Array.from({ length: last }, (_, at) => at + 1);
