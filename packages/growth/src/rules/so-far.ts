import type { Sample } from '../series/sample.ts';
import { channelSeries, isBytes, type Series, typeSeries } from '../series/series.ts';
import { Window } from '../series/window.ts';
import { sum } from '../statistics/order.ts';
import type { Assessment } from './assess.ts';
import { byteLimit } from './bytes.ts';
import type { Judgement } from './judgement.ts';

const LEAST_ROUNDS = 3;
/** Counted things that come less often in so few rounds may as well come of themselves. */
const LEAST_TOTAL = 6;
const LEAST_RATE = 0.05;

/**
 * What grew with the operations in the rounds of a check that ended too early to judge anything: in each round with operations, by
 * about as much for each of them, and not without them. Nothing of it is a verdict; it may be why the program ended.
 * @param samples of which the first is the level before: no failed reading among them
 */
export function grewSoFar(samples: readonly Sample[]): Assessment | null {
  const window = new Window(samples);
  if (window.doses.filter((dose) => dose > 0).length < LEAST_ROUNDS) return null;
  const { integers, bytes } = channelSeries(samples);
  const of = (all: readonly Series[]) => all.flatMap((series) => judged(series, window) ?? []);
  return { window, integers: of([...integers, ...typeSeries(samples).filter(isSingle)]), bytes: of(bytes) };
}

const isSingle = ({ group, channel }: Series): boolean => group === undefined && channel !== 'types';

function judged(series: Series, window: Window): Judgement | undefined {
  const growth = window.growth(series.levels);
  const rounds = growth.map((grown, at) => ({ grown, dose: window.doses[at] ?? 0 }));
  const working = rounds.filter(({ dose }) => dose > 0);
  const rates = working.map(({ grown, dose }) => grown / dose);
  const [low, high] = [Math.min(...rates), Math.max(...rates)];
  const idle = sum(rounds.filter(({ dose }) => dose === 0).map(({ grown }) => grown));
  const total = sum(growth);
  const rate = (total - idle) / window.operations;
  const least = isBytes(series.channel) ? byteLimit(series.channel, window.dose) : LEAST_RATE;
  const enough = rate > least && (isBytes(series.channel) || total >= LEAST_TOTAL);
  // The first operations bring more: a start that is still going on is not by as much for each.
  if (!enough || low < 0.3 * rate || high > 3 * rate || Math.abs(idle) > 0.25 * total) return undefined;
  return {
    ...{ series, status: 'unsure', why: '', follows: 'operation' },
    ...{ rate, low, high, idlePerRound: 0, perRound: total / working.length, total },
    ...{ probability: 1, slowing: false, hint: false },
  };
}
