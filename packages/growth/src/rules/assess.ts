import type { Sample } from '../series/sample.ts';
import { channelSeries, type Series, typeSeries } from '../series/series.ts';
import { Window } from '../series/window.ts';
import { judgeBytes } from './bytes.ts';
import { judgeInteger } from './integers.ts';
import type { Judgement } from './judgement.ts';
import { judgeSteps } from './steps.ts';

export interface Assessment {
  readonly window: Window;
  readonly integers: readonly Judgement[];
  readonly bytes: readonly Judgement[];
}

/**
 * All that was read over the measured rounds. `all` begins with the warm-up, whose last sample, at `base`, is where the measured
 * rounds begin.
 */
export function assess(all: readonly Sample[], mode: 'quick' | 'thorough', base = 0): Assessment {
  const samples = all.slice(base);
  const window = new Window(samples);
  const { integers, bytes } = channelSeries(samples);
  const threads = integers.find(({ channel }) => channel === 'threads');
  const context = { window, mode, threads: null };
  const threadsLeak = threads !== undefined && judgeInteger(threads, context).status === 'candidate';
  const tied = threads === undefined || threadsLeak ? null : window.growth(threads.levels);
  const judge = (series: Series) => judgeInteger(series, { window, mode, threads: series === threads ? null : tied });
  const types = typeSeries(samples);
  const judgedTypes = withoutExplained(types.map(judge));
  return {
    window,
    integers: [...withoutSwapped([...integers.map(judge), ...judgedTypes], window), ...judgeSteps(all, base)],
    bytes: bytes.map((series) => judgeBytes(series, window)),
  };
}

const SUSPECT = new Set(['candidate', 'unsure', 'idle']);

export function isSuspect({ status }: Judgement): boolean {
  return SUSPECT.has(status);
}

/** Families are of interest where none of their types explains them, modules and the number of types where no family does. */
function withoutExplained(judgements: readonly Judgement[]): Judgement[] {
  const types = judgements.filter(({ series }) => series.type !== undefined && series.group === undefined);
  const families = unexplained(judgements, 'family', types);
  const modules = unexplained(judgements, 'module', [...types, ...families]);
  const known = [...types, ...families, ...modules];
  const explained = known.some(({ status }) => status === 'candidate');
  const count = judgements.filter(({ series }) => series.channel === 'types' && !explained);
  return [...known, ...count];
}

function unexplained(
  judgements: readonly Judgement[],
  group: 'family' | 'module',
  members: readonly Judgement[],
): Judgement[] {
  return judgements.filter((judgement) => {
    if (judgement.series.group !== group || !isSuspect(judgement)) return false;
    const growth = members
      .filter((member) => isSuspect(member) && belongs(member.series, judgement.series))
      .reduce((total, member) => total + member.total, 0);
    return growth < 0.5 * judgement.total;
  });
}

function belongs(member: Series, group: Series): boolean {
  const last = group.levels.length - 1;
  // By name is not enough: the growth of a member is part of the growth of its group.
  return (member.levels[last] ?? 0) <= (group.levels[last] ?? 0) && sameModule(member, group);
}

function sameModule(member: Series, group: Series): boolean {
  const pattern = group.module ?? '';
  return member.module === pattern || pattern.includes('#') || member.group === 'family';
}

/** Objects that become another type are no growth: one type falls in each round by what the other rises. */
function withoutSwapped(judgements: readonly Judgement[], window: Window): Judgement[] {
  const falling = judgements.filter(
    ({ series, total }) => series.type !== undefined && series.group === undefined && total <= -3,
  );
  return judgements.map((judgement) => {
    if (judgement.series.type === undefined || !isSuspect(judgement)) return judgement;
    const growth = window.growth(judgement.series.levels);
    const other = falling.find(({ series }) => {
      const fall = window.growth(series.levels);
      const mirrored = growth.filter((value, at) => value + (fall[at] ?? 0) === 0).length;
      return mirrored >= 0.9 * growth.length;
    });
    if (other === undefined || bytesGrow(judgement.series, other.series)) return judgement;
    return { ...judgement, status: 'harmless', why: `takes the place of ${other.series.type}, which shrinks as much` };
  });
}

/** The new objects are much larger than the ones they replace. */
function bytesGrow(rising: Series, falling: Series): boolean {
  const change = ({ bytes = [] }: Series) => (bytes.at(-1) ?? 0) - (bytes[0] ?? 0);
  return change(rising) + change(falling) > 0.3 * change(rising);
}
