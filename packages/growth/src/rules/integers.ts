import type { Series } from '../series/series.ts';
import type { Window } from '../series/window.ts';
import { medianInterval, sum } from '../statistics/order.ts';
import { doseProbability } from '../statistics/permutation.ts';
import type { Judgement, Status } from './judgement.ts';
import { expectedShare, floorRises, type Shape, shapeOf } from './shape.ts';

/** Fewer are no growth. */
const LEAST_TOTAL = 3;
/** Growth of threads and what comes with them happens without any leak: this rate or this much in all is needed. */
const NOISY_RATE = 0.05;
const NOISY_TOTAL: Readonly<Record<string, number>> = { threads: 12, handles: 24, mappings: 24, types: 24 };
/** Types of the platform drift by a few; below this rate it takes more operations, not more rounds, to tell. */
const PLATFORM_RATE = { quick: 0.004, thorough: 0.001 };
const P_LIMIT = 0.01;

export interface IntegerContext {
  readonly window: Window;
  readonly mode: 'quick' | 'thorough';
  /** Growth of the number of threads per round; null where unknown or where threads themselves leak. */
  readonly threads: readonly number[] | null;
}

/** One count over the measured rounds. Integers have almost no noise, so that their shape decides. */
export function judgeInteger(series: Series, context: IntegerContext): Judgement {
  const { window } = context;
  const growth = window.growth(series.levels);
  const shape = shapeOf(window, growth);
  const rates = window.blockRates(growth);
  const interval = medianInterval(rates);
  const rate = window.operations === 0 ? 0 : (shape.total - shape.idleMean * window.rounds) / window.operations;
  const of = (status: Status, why = '', more: Partial<Judgement> = {}): Judgement => ({
    series,
    status,
    why,
    follows: 'operation',
    rate,
    low: Math.min(interval.low, rate),
    high: Math.max(interval.high, rate),
    idlePerRound: shape.idleMean,
    perRound: shape.workingMean,
    total: shape.total,
    hint: false,
    probability: 1,
    slowing: false,
    ...more,
  });
  const floor = floorRises(series.levels);
  if (shape.falls > 0.25 * Math.max(shape.total, 1)) {
    if (floor.rises && floor.total >= LEAST_TOTAL) {
      const floorRate = floor.total / Math.max(1, window.operations);
      const enough = floor.total >= 8;
      return of(enough ? 'candidate' : 'unsure', 'rises below what comes and goes', { rate: floorRate, low: 0 });
    }
    return shape.total < LEAST_TOTAL ? of('flat') : of('harmless', 'it also falls: what is taken is given back');
  }
  if (shape.total < LEAST_TOTAL) {
    return of('flat', '', { hint: series.own && shape.falls === 0 && shape.total > 0 && rate > 0 });
  }
  if (isNoise(series, shape, context)) return of('flat');
  return ofShape(of, series, shape, growth, context);
}

function isNoise(series: Series, { total }: Shape, { window, mode }: IntegerContext): boolean {
  const rate = total / Math.max(1, window.operations);
  const noisy = NOISY_TOTAL[series.channel];
  if (noisy !== undefined) return rate < NOISY_RATE && total < noisy;
  return series.channel === 'instances' && !series.own && rate < PLATFORM_RATE[mode];
}

function ofShape(
  make: (status: Status, why?: string, more?: Partial<Judgement>) => Judgement,
  series: Series,
  shape: Shape,
  growth: readonly number[],
  context: IntegerContext,
): Judgement {
  const { window } = context;
  const p = doseProbability(window.blocks(growth));
  const of: typeof make = (status, why, more) => make(status, why, { probability: p, ...more });
  const perRound = shape.total / window.rounds;
  if (shape.idleGrew >= 0.7 * shape.idleRounds && shape.idleMean > 0.5 * perRound) {
    // Both at once: growth beside the operations, and more of it with more of them.
    const slopes = medianInterval(window.blockSlopes(growth));
    const both = p <= P_LIMIT && slopes.low > 0 && slopes.low * window.dose * 2 >= 1;
    // Few operations make a large rate of what happens without any: there the number alone counts.
    if (!both && shape.total < (NOISY_TOTAL[series.channel] ?? 0)) return of('flat');
    return both ? of('candidate', '', { follows: 'operation' }) : of('idle', '', { follows: 'time' });
  }
  const events = shape.total / shape.lump;
  if (shape.events === 1) return of('harmless', 'a single step', { hint: series.own });
  if (p > P_LIMIT && boundToThreads(growth, context.threads)) return of('harmless', 'bound to threads');
  if (shape.largest > 0.5 * shape.total) {
    return of(series.own ? 'unsure' : 'harmless', 'most of it came in a single step');
  }
  const expectedLate = (shape.early * shape.operationsLate) / shape.lump;
  const seenLate = (shape.late * shape.operationsLate) / shape.lump;
  if (seenLate < 0.4 * expectedLate) {
    const sure = expectedLate - seenLate > 3.3 * Math.sqrt(expectedLate);
    return of(sure || !(series.own || events >= 6) ? 'harmless' : 'unsure', 'it stopped growing during the check', {
      slowing: true,
    });
  }
  const average = shape.total / Math.max(1, window.operations);
  if (shape.early < 0.2 * average) return of('unsure', 'it began to grow late');
  if (shape.workingGrew < 0.7 * shape.workingRounds * Math.min(1, expectedShare(window, shape))) {
    return of('unsure', 'it grew in few of the rounds');
  }
  const byRound = followsRounds(shape, growth, window);
  if (byRound && window.rounds >= 18) return of('candidate', '', { follows: 'round' });
  if (p > P_LIMIT) return of('unsure', 'its growth does not clearly follow the operations');
  if (events < 6) return of('unsure', 'it grew too few times');
  return of('candidate');
}

/** As much in a round of k operations as in one of 2k, and nothing in one of none. */
function followsRounds(shape: Shape, growth: readonly number[], window: Window): boolean {
  if (shape.idleMean > 0.2 * shape.workingMean || shape.workingGrew < 0.9 * shape.workingRounds) return false;
  let ratio = 0;
  let blocks = 0;
  for (const block of window.blocks(growth)) {
    const most = Math.max(...block.doses);
    const large = block.growth[block.doses.indexOf(most)] ?? 0;
    const usual = block.growth[block.doses.findIndex((dose) => dose > 0 && dose < most)] ?? 0;
    if (usual <= 0) continue;
    ratio += large / usual;
    blocks++;
  }
  return blocks >= 3 && ratio / blocks < 1.25;
}

/** Objects that come with a thread: locals, queues, caches. */
const MOST_PER_THREAD = 20;

/** It grew in the rounds in which threads came, and by about as much for each of them. */
function boundToThreads(growth: readonly number[], threads: readonly number[] | null): boolean {
  if (threads === null) return false;
  const all = sum(growth.filter((value) => value > 0));
  const came = threads.flatMap((count, at) => (count > 0 ? [{ count, grown: growth[at] ?? 0 }] : []));
  const withThreads = came.filter(({ grown }) => grown > 0);
  const each = withThreads.map(({ count, grown }) => grown / count);
  if (sum(withThreads.map(({ grown }) => grown)) < 0.8 * all || withThreads.length < 0.8 * came.length) return false;
  return all <= MOST_PER_THREAD * sum(threads) && Math.max(...each) <= 4 * Math.min(...each);
}
