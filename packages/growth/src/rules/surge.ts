import { isBytes } from '../series/series.ts';
import { besideLimit } from './beside.ts';
import { declines } from './decline.ts';
import { drowns, NOISE } from './drowns.ts';
import { ended, gaveBack, WENT_LATER, wentLater } from './ended.ts';
import type { Evidence } from './evidence.ts';
import type { Judgement } from './judgement.ts';
import { slowingOf } from './slowing.ts';
import { withoutOneFall } from './spoiled.ts';
import { stepsOutcome } from './steps.ts';
import { ENDLESS, ENDS, OPEN, PART, SPOILED, type SurgeOutcome } from './surge-outcome.ts';
import { afterOf, byChanceFewer, EXPECTED, LEAST, RARE, settles, steady, tailOf, usualRate } from './surge-rates.ts';

/** Enough for a rate to be told from one a quarter lower. */
const MANY = 100;
/** Differences of chi-square from which a leak beside a limit is likely, where nothing speaks against it, and sure, where it declines. */
const SEEMS = 4;
const SURE = 12;
/** Events whose absence is no chance. */
const SURELY = 10;
const ONCE = 'it grew in a large dose once, and not in as many operations behind it';
/** Whether growth keeps its rate through many times the operations, or meets a limit. `perMs` is what time makes beside it. */
export function surgeOutcome(judgement: Judgement, evidence: Evidence, perMs: number): SurgeOutcome {
  const outcome = withOneFall(judgement, evidence, perMs);
  const slows = outcome === OPEN && gaveBack(judgement, evidence);
  return slows ? { kind: 'limit', why: 'it slows down, and what had come before was let go' } : outcome;
}

/**
 * Where only one fall speaks against a leak of native memory, a second surge decides, in which no fall is excused: the runtime frees
 * an arena once, a cache that is emptied when full is emptied again.
 */
function withOneFall(judgement: Judgement, evidence: Evidence, perMs: number): SurgeOutcome {
  const outcome = byItself(judgement, evidence, perMs);
  if (outcome.kind === 'grows') return outcome;
  const without = withoutOneFall(judgement, evidence).map((one) => byItself(one, evidence, perMs));
  const grows = without.find(({ kind }) => kind === 'grows');
  return grows === undefined ? outcome : evidence.hasSecondSurge ? grows : SPOILED;
}

function byItself(judgement: Judgement, evidence: Evidence, perMs: number): SurgeOutcome {
  const outcome = byRates(judgement, evidence, perMs);
  // Rates that seem to be kept may still fall, by less than chance in each round.
  const kept = outcome.kind === 'grows' && outcome.why !== ENDLESS && judgement.follows === 'operation';
  if (!kept || isBytes(judgement.series.channel) || judgement.steps === true) return outcome;
  const part = outcome.why === PART;
  const declining = declines(judgement, evidence, part);
  if (declining === 'perhaps' && !evidence.hasSecondSurge) return OPEN;
  if (declining !== 'yes') return part && besideLimit(judgement, evidence) < SEEMS ? OPEN : outcome;
  const slowing = slowingOf(judgement, evidence);
  if (slowing === 'endless') return { ...outcome, why: ENDLESS };
  return whereSlowing(judgement, evidence, slowing, outcome.rate);
}

/** Growth that slows down towards a limit may have a leak beside it; of bytes that is told by their rates. */
function whereSlowing(judgement: Judgement, evidence: Evidence, slowing: 'ends' | 'open', rate: number): SurgeOutcome {
  const beside = !isBytes(judgement.series.channel) && besideLimit(judgement, evidence) > SURE;
  return beside ? { kind: 'grows', rate, why: PART } : slowing === 'open' ? OPEN : ENDS;
}

function byRates(judgement: Judgement, evidence: Evidence, perMs: number): SurgeOutcome {
  const { surge, measured } = evidence.marks;
  const after = afterOf(judgement, evidence);
  const levels = evidence.levels(judgement.series);
  const grown = (positions: readonly number[]) =>
    evidence.growth(levels, positions) - perMs * evidence.wallMs(positions);
  const rateOf = (positions: readonly number[]) => grown(positions) / Math.max(1, evidence.operations(positions));
  if (judgement.steps === true) return stepsOutcome(judgement, evidence);
  if (judgement.follows === 'round') return byRounds(judgement, evidence, grown);

  const before = judgement.rate;
  const rates = surge.map((at) => rateOf([at]));
  const tail = tailOf(judgement, evidence);
  const end = [...tail, ...after];
  const rises = evidence.measured().map((at) => evidence.growth(levels, [at]));
  const lump = Math.min(...rises.filter((rise) => rise > 0), judgement.total);
  const counted = !isBytes(judgement.series.channel);
  const last = rateOf(tail);
  const afterRate = usualRate(judgement, evidence, after, rateOf);
  if (wentLater(judgement, evidence)) return { kind: 'limit', why: WENT_LATER };
  if (ended(judgement, evidence)) return { kind: 'limit', why: limitWhy(evidence, measured) };
  const lastGrown = grown(tail);
  const recent = surge.slice(-3);
  const stable = steady(
    recent.map((at) => rateOf([at])),
    Math.min(...recent.map((at) => grown([at]))),
  );
  const settled = settles(judgement, evidence, rateOf);
  // A second surge is several times as long as all before it: what it brings need not be twice as much, at a lower rate.
  const much = grown(recent) > 2 * judgement.total || (settled && evidence.hasSecondSurge);
  if (stable && much && grown(recent) >= 2 * LEAST && afterRate > 0.5 * last) {
    return { kind: 'grows', rate: last, why: last >= 0.5 * before ? '' : PART };
  }
  const slowing = slowingOf(judgement, evidence);
  const falls =
    grown(surge) >= MANY &&
    afterRate < 0.75 * before &&
    rates.every((rate, at) => rate < 1.05 * (rates[at - 1] ?? before));
  const ends = last < 0.75 * before && falls && slowing !== 'endless';
  // More operations tell: with them it is as steady as a leak is, or has ended.
  if (settled && (ends || last < 0.5 * before) && !evidence.hasSecondSurge) return OPEN;
  if (ends) return whereSlowing(judgement, evidence, slowing, last);
  if (last >= 0.5 * before && lastGrown >= LEAST && rateOf(surge) >= 0.5 * before) {
    if (drowns(judgement, evidence)) return { kind: 'limit', why: NOISE };
    // Rare events: what is expected of the usual rounds after the surge may be less than one.
    // What the large dose itself brought must show behind it as well: else something beside the operations came in it.
    const expected = Math.max(before, counted ? last / Math.max(1, lump) : 0) * evidence.operations(after);
    if (afterRate >= 0.3 * before || expected < EXPECTED) return { kind: 'grows', rate: last, why: '' };
    if (before * evidence.operations(after) > RARE) return { kind: 'limit', why: limitWhy(evidence, measured) };
    if (counted && !judgement.series.own && judgement.status === 'unsure' && expected > SURELY && afterRate <= 0)
      return { kind: 'limit', why: ONCE };
  }
  const goesOn = rateOf([...surge, ...after]) >= 0.5 * before;
  // Types of the platform drift by a few anyway: chance excuses only what is suspect for itself.
  const excused = counted && (judgement.series.own || judgement.status === 'candidate');
  if (goesOn && excused && byChanceFewer(judgement, evidence, end, grown(end), lump)) {
    return { kind: 'grows', rate: rateOf([...surge, ...after]), why: '' };
  }
  if (before * evidence.operations(surge) < EXPECTED && grown([...surge, ...after]) >= LEAST) {
    return { kind: 'unclear', why: 'the surge was too small for so rare an event' };
  }
  if (falls && slowing === 'endless' && afterRate > 0) return { kind: 'grows', rate: afterRate, why: ENDLESS };
  if (falls && slowing === 'open' && afterRate > 0) return OPEN;
  if (
    counted &&
    judgement.status === 'unsure' &&
    last >= 0.1 * before &&
    lastGrown >= LEAST &&
    afterRate > 0.1 * before
  ) {
    return { kind: 'unclear', why: 'a large dose made it grow, but less than before' };
  }
  return { kind: 'limit', why: limitWhy(evidence, measured) };
}

function limitWhy(evidence: Evidence, measured: number): string {
  const operations = evidence.operations(evidence.samples.map((_, at) => at).slice(measured + 1));
  return `it reached a limit: ${operations} more operations did not make it grow as before`;
}

function byRounds(
  judgement: Judgement,
  evidence: Evidence,
  grown: (positions: readonly number[]) => number,
): SurgeOutcome {
  const { surge, after } = evidence.marks;
  const rounds = evidence.working([...surge, ...after]);
  const expected = judgement.perRound * rounds;
  return grown([...surge, ...after]) >= 0.5 * expected && grown(after) > 0
    ? { kind: 'grows', rate: judgement.rate, why: '' }
    : { kind: 'limit', why: 'it reached a limit' };
}
