import type { Round } from '@firstchance/model';
import type { Conclusion, HarmlessFinding } from '../plan/conclusion.ts';
import type { Settings } from '../plan/settings.ts';
import { type Assessment, isSuspect } from '../rules/assess.ts';
import type { Decision, Outcome } from '../rules/decide.ts';
import { identity } from '../rules/evidence.ts';
import type { Judgement } from '../rules/judgement.ts';
import { amount, type Sample } from '../series/sample.ts';
import { bytesSeries, channelSeries, type Series, typeSeries } from '../series/series.ts';
import { withoutConsequences } from './consequences.ts';
import { minimumDetectable } from './detectable.ts';
import { byImportance, finding } from './findings.ts';
import { grewUntilThen, reasonOf } from './reason.ts';
import { verdictOf } from './verdict.ts';

export interface CheckFacts {
  readonly settings: Settings;
  readonly samples: readonly Sample[];
  /** Position of the last sample of the warm-up. */
  readonly base: number;
}

/** A check that reached its end. */
export function conclude(facts: CheckFacts, { window }: Assessment, decisions: readonly Decision[]): Conclusion {
  const sorted = withoutConsequences(decisions).sort((a, b) => byImportance(a, b, window));
  const of = (...outcomes: Outcome[]) => sorted.filter(({ outcome }) => outcomes.includes(outcome));
  const { kept, accepted } = withinBudget(of('leak'), facts.settings.budget, (one) => finding(one, window));
  const levels = levelsOf(facts.samples);
  const withLevels = (one: Decision) => ({ ...finding(one, window), ...levels(one.judgement.series) });
  const growth = [...kept, ...of('idle')].map(withLevels);
  const unsure = of('unsure').map((one) => ({ ...withLevels(one), why: one.why }));
  const harmless = [...accepted, ...of('harmless').map((one) => ({ ...finding(one, window), why: one.why }))];
  const verdict = verdictOf({ growth, unsure });
  const frame = frameOf(facts);
  return { ...frame, verdict, reason: reasonOf({ ...frame, verdict, growth, unsure }), growth, harmless, unsure };
}

/** Levels from the first round of the warm-up on, of what the rounds themselves do not hold. */
function levelsOf(samples: readonly Sample[]): (series: Series) => { series?: number[] } {
  const types = typeSeries(samples);
  const all = [...types, ...types.flatMap((one) => bytesSeries(one) ?? [])];
  const known = new Map(all.map((one) => [identity(one), one.levels]));
  return (series) => {
    const levels = known.get(identity(series));
    return levels === undefined ? {} : { series: [...levels] };
  };
}

const UNDECIDED = 'the check ended before it was decided';
const MOST_UNDECIDED = 10;

/**
 * A check that could not run to its end: no verdict. What grew until then is told all the same, because it may be why the program
 * failed.
 */
export function cutOff(facts: CheckFacts, why: string, assessment: Assessment | null): Conclusion {
  const unsure = assessment === null ? [] : undecided(assessment, facts);
  const reason = `The check could not be finished: ${why}${grewUntilThen(unsure)}.`;
  return { ...frameOf(facts), verdict: 'INFRASTRUCTURE_ERROR', reason, growth: [], harmless: [], unsure };
}

function undecided({ window, integers, bytes }: Assessment, { samples }: CheckFacts): HarmlessFinding[] {
  // The last reading may be the one that failed: its types did not fall to nothing.
  const levels = levelsOf(samples.filter(({ types }) => types.size > 0));
  const grew = (one: Judgement) => isSuspect(one) && one.total > 0 && one.rate > 0;
  const counted = integers.filter(grew);
  // The managed heap grows with its objects; native memory says more than the objects that hold it.
  const objects = counted.some(({ series: { type } }) => type !== undefined);
  const memory = bytes.filter((one) => grew(one) && !(objects && one.series.channel === 'managedBytes'));
  return [...counted, ...memory]
    .map((judgement): Decision => {
      return { judgement, outcome: 'unsure', why: UNDECIDED, follows: judgement.follows, rate: judgement.rate };
    })
    .sort((a, b) => byImportance(a, b, window))
    .slice(0, MOST_UNDECIDED)
    .map((one) => ({ ...finding(one, window), ...levels(one.judgement.series), why: one.why }));
}

function frameOf({ settings, samples, base }: CheckFacts) {
  const operations = (list: readonly Sample[]) => list.reduce((total, { step }) => total + step.dose, 0);
  const judged = samples.slice(base);
  return {
    mode: settings.mode,
    seed: settings.seed,
    operations: operations(samples),
    verifiedOperations: operations(judged.slice(1)),
    rounds: samples.map(roundOf),
    minimumDetectable: minimumDetectable(judged.filter(({ step }, at) => at === 0 || step.phase === 'measure')),
    notMeasured: channelSeries(judged).missing,
  };
}

function roundOf({ step, reading }: Sample): Round {
  const ms = (value: unknown) => (amount(value) ? value : 0);
  const { index, phase, dose } = step;
  return {
    index,
    phase,
    dose,
    durationMs: ms(reading?.durationMs),
    pauseMs: ms(reading?.pauseMs),
    channels: reading?.channels ?? {},
  };
}

function withinBudget(
  leaks: readonly Decision[],
  budget: number | undefined,
  report: (one: Decision) => HarmlessFinding | ReturnType<typeof finding>,
): { kept: readonly Decision[]; accepted: HarmlessFinding[] } {
  if (budget === undefined || !(budget > 0)) return { kept: leaks, accepted: [] };
  const sized = leaks.filter((one) => report(one).bytesPerOperation !== undefined);
  const bytes = sized.reduce((total, one) => total + (report(one).bytesPerOperation ?? 0), 0);
  // Threads, descriptors and other things without a size are not memory: no budget of bytes allows them.
  if (bytes > budget) return { kept: leaks, accepted: [] };
  const why = `within the budget of ${budget} bytes per operation`;
  return {
    kept: leaks.filter((one) => !sized.includes(one)),
    accepted: sized.map((one) => ({ ...report(one), why })),
  };
}
