import { isBytes } from '../series/series.ts';
import { sum } from '../statistics/order.ts';
import type { Evidence } from './evidence.ts';
import type { Judgement } from './judgement.ts';

/** How growth that slows down goes on: without end, towards a limit, or not told. */
export type Slowing = 'endless' | 'ends' | 'open';

/** What has come after so many operations, but for its amplitude. */
export type Model = (operations: number, scale: number) => number;

export interface Segment {
  readonly from: number;
  readonly to: number;
  readonly growth: number;
}

const LEAST_EVENTS = 30;
/** Difference of chi-square from which one model is the better one. */
const CLEAR = 12;
/** Mean misfit of a segment up to which a model describes what was seen. */
const FITS = 6;
/** Scales of a logarithm begin at this part of the operations: it may have bent long before what was seen. */
const EARLIEST = 1 / 1000;
/** Choices are seldom alike: of K keys, number K u^s for a random u. Users and articles are asked for about like this. */
export const SKEWS = [2, 3, 4, 6];
const KEYS = 60;
/** Other growth that slows down without end. */
const POWERS = [0.3, 0.5, 0.7];

/**
 * Compares models by chi-square: a logarithm, c ln(n + s), which never ends, and random choices among a limited number,
 * A (1 - exp(-n / K)), or among such of which some are chosen far more often. All begin as a straight line, so that only enough
 * operations tell them apart, and skewed choices look like a logarithm for as long as there are seldom ones left.
 */
export function slowingOf(judgement: Judgement, evidence: Evidence): Slowing {
  const segments = segmentsOf(judgement, evidence);
  // Bytes are too noisy to tell; the types or the count of mappings behind them can.
  if (isBytes(judgement.series.channel) || sum(segments.map(({ growth }) => growth)) < LEAST_EVENTS) return 'ends';
  const end = segments.at(-1)?.to ?? 0;
  const scales = scalesOf(end);
  const early = scales.map((scale, at) => scale * (50 * EARLIEST) ** (1 - at / scales.length));
  const logarithm = best(segments, early, (n, scale) => Math.log(n + scale));
  const limited = best(segments, scales, (n, scale) => -Math.exp(-n / scale));
  if (isEndless(logarithm.misfit, limited.misfit, segments)) {
    const skewed = SKEWS.map((skew) => best(segments, scales, chosenAmong(skew)).misfit);
    const powers = POWERS.map((power) => best(segments, early, (n, scale) => (n + scale) ** power).misfit);
    return isEndless(Math.min(logarithm.misfit, ...powers), Math.min(...skewed), segments) ? 'endless' : 'open';
  }
  const fits = limited.misfit < FITS * segments.length;
  return fits && logarithm.misfit - limited.misfit > CLEAR && limited.scale < 1.5 * end ? 'ends' : 'open';
}

export function segmentsOf({ series }: Judgement, evidence: Evidence): Segment[] {
  const levels = evidence.levels(series);
  const segments: Segment[] = [];
  let operations = evidence.operationsBefore;
  let open: Segment | null = null;
  for (let at = 1; at < levels.length; at++) {
    const dose = evidence.operations([at]);
    const from: Segment = open ?? { from: operations, to: operations, growth: 0 };
    operations += dose;
    open = { from: from.from, to: operations, growth: from.growth + evidence.growth(levels, [at]) };
    const whole = at % 3 === 0 || evidence.marks.surge.includes(at) || at === levels.length - 1;
    if (!whole || open.to === open.from) continue;
    segments.push(open);
    open = null;
  }
  return segments;
}

/** Numbers of choices and scales that are tried, from those that end soon to those that seem straight. */
export function scalesOf(end: number): number[] {
  return Array.from({ length: 40 }, (_, at) => (end / 50) * 1.3 ** at);
}

function isEndless(without: number, withEnd: number, segments: readonly Segment[]): boolean {
  return withEnd - without > CLEAR && without < FITS * segments.length;
}

/** Part of the keys that have been chosen after n draws. */
export function chosenAmong(skew: number): Model {
  // Density of the choices at the middle of each part of the keys.
  const densities = Array.from({ length: KEYS }, (_, at) => ((at + 0.5) / KEYS) ** (1 / skew - 1) / skew);
  return (n, scale) => -densities.reduce((left, density) => left + Math.exp((-n / scale) * density), 0) / KEYS;
}

/** Best scale of a model and its misfit; the amplitude follows from it by least squares. */
export function best(
  segments: readonly Segment[],
  scales: readonly number[],
  model: Model,
): { scale: number; misfit: number } {
  let found = { scale: Number.NaN, misfit: Number.POSITIVE_INFINITY };
  for (const scale of scales) {
    const shapes = segments.map(({ from, to }) => model(to, scale) - model(from, scale));
    const scatter = segments.map(({ growth }) => Math.max(1, growth));
    const amplitude =
      sum(segments.map(({ growth }, at) => (growth * (shapes[at] ?? 0)) / (scatter[at] ?? 1))) /
      sum(shapes.map((shape, at) => shape ** 2 / (scatter[at] ?? 1)));
    const misfit = sum(
      segments.map(({ growth }, at) => (growth - amplitude * (shapes[at] ?? 0)) ** 2 / (scatter[at] ?? 1)),
    );
    if (misfit < found.misfit) found = { scale, misfit };
  }
  return found;
}
