import type { GrowthDriver } from '../plan/conclusion.ts';
import { isBytes } from '../series/series.ts';
import { sum } from '../statistics/order.ts';
import type { Assessment } from './assess.ts';
import { isSuspect } from './assess.ts';
import { SINGLE_STEP } from './bytes.ts';
import { withCompanions } from './companions.ts';
import { declines } from './decline.ts';
import { drainedOf, type Rates, restDriver, restedAtLimit, splitRates } from './drain.ts';
import { WENT_LATER, wentLater } from './ended.ts';
import type { Evidence } from './evidence.ts';
import { rateInSurges } from './in-surges.ts';
import type { Judgement } from './judgement.ts';
import { MOST_PER_SLOT } from './steps.ts';
import { surgeOutcome } from './surge.ts';
import { OPEN } from './surge-outcome.ts';

export type Outcome = 'leak' | 'idle' | 'harmless' | 'unsure';

/** What became of a suspect. */
export interface Decision {
  readonly judgement: Judgement;
  readonly outcome: Outcome;
  readonly why: string;
  readonly follows: GrowthDriver;
  readonly rate: number;
  /** Per second, with `follows: 'time'`. */
  readonly perSecond?: number;
}

/** All suspects and what is already known to be harmless, decided by what rest and surge showed. */
export function decide({ window, integers, bytes }: Assessment, evidence: Evidence): Decision[] {
  const gone = drainedOf({ window, integers, bytes }, evidence);
  const counted = integers.filter(({ steps }) => steps !== true);
  const decided = withCompanions(
    counted.flatMap((judgement) => decideOne(judgement, evidence, gone.has(judgement))),
    evidence,
  );
  for (const judgement of integers.filter(({ steps }) => steps === true)) {
    const same = heldIn(judgement, decided);
    if (same === undefined) decided.push(...decideOne(judgement, evidence, gone.has(judgement)));
    else decided.push(cameWith(same, judgement));
  }
  for (const judgement of bytes) {
    const same = explaining(judgement, decided);
    if (same !== undefined) {
      decided.push(cameWith(same, judgement));
      continue;
    }
    decided.push(...decideOne(judgement, evidence, gone.has(judgement)));
  }
  return decided;
}

/** What it came with has a reason, which may be of that alone: the runtime's own strings, a cache. */
function cameWith(same: Decision, judgement: Judgement): Decision {
  const { type, channel } = same.judgement.series;
  return { ...same, judgement, rate: judgement.rate, why: `it came with ${type ?? channel}: ${same.why}` };
}

/**
 * The array of a collection grows with what is put into it, and stays that large when that is let go: where objects came that are
 * no leak, neither is it.
 */
function heldIn(judgement: Judgement, decided: readonly Decision[]): Decision | undefined {
  const harmless = decided.filter(
    ({ outcome, judgement: { series, rate } }) => outcome === 'harmless' && series.type !== undefined && rate > 0,
  );
  const objects = harmless.reduce((total, { judgement: { rate } }) => total + rate, 0);
  const most = harmless.toSorted((a, b) => b.judgement.rate - a.judgement.rate)[0];
  return objects * MOST_PER_SLOT >= judgement.rate ? most : undefined;
}

/** Managed bytes that are those of types found harmless, or not decided, share their fate. */
function explaining(judgement: Judgement, decided: readonly Decision[]): Decision | undefined {
  if (judgement.series.channel !== 'managedBytes' || !isSuspect(judgement)) return undefined;
  const harmless = decided.filter(
    ({ outcome, judgement: { series } }) =>
      (outcome === 'harmless' || outcome === 'unsure') && series.group === undefined,
  );
  const grown = ({ judgement: { series } }: Decision) => (series.bytes?.at(-1) ?? 0) - (series.bytes?.[0] ?? 0);
  const bytes = harmless.reduce((total, one) => total + Math.max(0, grown(one)), 0);
  const largest = harmless.toSorted((a, b) => grown(b) - grown(a))[0];
  return bytes >= 0.7 * judgement.total && judgement.total > 0 ? largest : undefined;
}

function decideOne(judgement: Judgement, evidence: Evidence, isDrained: boolean): Decision[] {
  const of = (outcome: Outcome, why = judgement.why, more: Partial<Decision> = {}): Decision => ({
    judgement,
    outcome,
    why,
    follows: judgement.follows,
    rate: judgement.rate,
    ...more,
  });
  const inSurges = ['flat', 'harmless'].includes(judgement.status) ? rateInSurges(judgement, evidence) : undefined;
  if (inSurges !== undefined) return [of('leak', '', { rate: inSurges, follows: 'operation' })];
  if (judgement.status === 'flat') return [];
  if (judgement.status === 'harmless') return [of('harmless')];
  const split = splitRates(judgement, evidence);
  const perSecond = split.perMs * 1000;
  const inTime: Partial<Decision> = { follows: 'time', perSecond };
  // What comes in few steps says nothing of single rounds, nor of the rest.
  const driver = judgement.steps === true ? 'nothing' : restDriver(judgement, evidence);
  const hasStopped = stopped(judgement, split, evidence);
  const besides = hasStopped
    ? of('harmless', 'it stopped growing during the check', inTime)
    : of('idle', 'it grows without operations', inTime);
  if (driver === 'time' && !isBytes(judgement.series.channel) && wentLater(judgement, evidence))
    return [of('harmless', WENT_LATER)];
  if (judgement.status === 'idle') {
    if (isDrained) return [of('harmless', 'it was let go while the program rested')];
    if (driver !== 'nothing' && restedAtLimit(judgement, evidence))
      return [of('harmless', 'it grew with time until it reached a limit')];
    if (driver === 'time') return [besides];
    return [of('harmless', 'it grows with each reading, not with time or work: the measurement itself makes it')];
  }
  if (isDrained) return [of('harmless', 'it follows the rate of the work: it was let go while the program rested')];
  if (judgement.status === 'unsure' && driver === 'time') return [besides];
  if (driver !== 'time' || judgement.status !== 'candidate') return [ofSurge(judgement, evidence, of, 0)];
  const byWork = split.perOperation * evidence.operations(evidence.measured());
  // Chance of so many events of this size; bytes have no events.
  const chance = isBytes(judgement.series.channel)
    ? 0
    : 3 * Math.sqrt(judgement.total * lumpOf(judgement, split, evidence));
  if (byWork < Math.max(LEAST_BY_WORK, 0.2 * judgement.total, chance)) return [besides];
  return [besides, ofSurge({ ...judgement, rate: split.perOperation }, evidence, of, hasStopped ? 0 : split.perMs)];
}

/** Events that time must have brought since the surge before their absence says something. */
const LEAST_IN_TIME = 5;

/** A cache that a timer fills in the first seconds grew with time, and does not in the rounds without operations after the surge. */
function stopped({ series }: Judgement, { perMs }: Rates, evidence: Evidence): boolean {
  const still = evidence.marks.after.filter((at) => evidence.operations([at]) === 0);
  const expected = perMs * evidence.wallMs(still);
  const grown = evidence.growth(evidence.levels(series), still);
  return !isBytes(series.channel) && expected >= LEAST_IN_TIME && grown <= 0.2 * expected;
}

/** Instances (or bytes) of growth that time does not explain. */
const LEAST_BY_WORK = 3;

/** What one event adds: at most the least growth of a round, and what the scatter around the two rates allows (variance over mean). */
function lumpOf(judgement: Judgement, { perOperation, perMs }: Rates, evidence: Evidence): number {
  const levels = evidence.levels(judgement.series);
  const rounds = evidence.measured().map((at) => ({
    rise: evidence.growth(levels, [at]),
    expected: perOperation * evidence.operations([at]) + perMs * evidence.wallMs([at]),
  }));
  const least = Math.min(...rounds.map(({ rise }) => rise).filter((rise) => rise > 0), judgement.total);
  const scatter = sum(rounds.map(({ rise, expected }) => (rise - expected) ** 2));
  return Math.min(least, Math.max(1, scatter / Math.max(1, sum(rounds.map(({ expected }) => expected)))));
}

function ofSurge(
  judgement: Judgement,
  evidence: Evidence,
  of: (outcome: Outcome, why?: string, more?: Partial<Decision>) => Decision,
  perMs: number,
): Decision {
  if (judgement.status === 'unsure' && !(judgement.rate > 0))
    return of('harmless', 'it does not follow the operations');
  if (evidence.marks.after.length === 0) return withoutSurge(judgement, evidence, of);
  const surge = surgeOutcome(judgement, evidence, perMs);
  if (surge.kind === 'limit') return of('harmless', named(judgement, evidence, surge.why));
  if (surge.kind === 'unclear') return of('unsure', surge.why);
  return of('leak', surge.why, { rate: surge.rate });
}

function withoutSurge(
  judgement: Judgement,
  evidence: Evidence,
  of: (outcome: Outcome, why?: string, more?: Partial<Decision>) => Decision,
): Decision {
  if (judgement.steps === true) return of('unsure');
  // Users among a limited number who become rarer: no surge will tell, and it is no steady leak.
  const rarer = isCountOf(judgement) && declines(judgement, evidence, false) !== 'no';
  if (judgement.status === 'candidate') return rarer ? of('unsure', OPEN.why) : of('leak');
  // Nothing but more operations could tell more of it, and all rounds have been done.
  if (isBytes(judgement.series.channel) && judgement.why === SINGLE_STEP) return of('harmless');
  return drifts(judgement) ? of('harmless', 'it drifts, whatever the operations') : of('unsure');
}

function isCountOf({ series: { channel }, follows }: Judgement): boolean {
  return !isBytes(channel) && follows === 'operation';
}

/** Platform types drift for long where operations are slow: with no sign that they follow the operations, that is all they do. */
export function drifts({ series, probability, slowing, rate }: Judgement): boolean {
  return series.channel === 'instances' && !series.own && rate < 0.5 && (probability > 0.01 || slowing);
}

/** Strings that the runtime makes once for each of the numbers 0 to 299. */
function named({ series }: Judgement, evidence: Evidence, why: string): string {
  if (series.type !== 'System.String') return why;
  const levels = evidence.levels(series);
  const bytes = evidence.bytes(series) ?? [];
  const instances = (levels.at(-1) ?? 0) - (levels[0] ?? 0);
  const each = ((bytes.at(-1) ?? 0) - (bytes[0] ?? 0)) / instances;
  return instances <= 300 && each <= 32 ? 'the runtime keeps strings of small numbers' : why;
}
