import { median } from '../statistics/order.ts';
import { type Kind, RIGHT } from './kind.ts';
import { type KindRun, runKind } from './run.ts';

export interface Tally {
  readonly kind: Kind;
  readonly runs: readonly KindRun[];
  /** Verdicts and how often each came. */
  readonly verdicts: ReadonlyMap<string, number>;
  readonly right: number;
  /** Medians: measured rounds and what came after; seconds of a check, without and with the operations. */
  readonly rounds: number;
  readonly ownSeconds: number;
  readonly seconds: number;
}

export function tally(kind: Kind, seeds: number, mode: 'quick' | 'thorough' = 'quick'): Tally {
  const runs = Array.from({ length: seeds }, (_, seed) => runKind(kind, seed + 1, mode));
  const verdicts = new Map<string, number>();
  for (const { conclusion } of runs) verdicts.set(conclusion.verdict, (verdicts.get(conclusion.verdict) ?? 0) + 1);
  return {
    kind,
    runs,
    verdicts,
    right: runs.filter(({ conclusion }) => isRight(kind, conclusion)).length,
    rounds: median(runs.map(({ conclusion }) => conclusion.rounds.filter(({ phase }) => phase !== 'warm-up').length)),
    ownSeconds: median(runs.map(({ ms, operationMs }) => (ms - operationMs) / 1000)),
    seconds: median(runs.map(({ ms }) => ms / 1000)),
  };
}

function isRight(kind: Kind, { verdict, growth }: KindRun['conclusion']): boolean {
  if (verdict !== RIGHT[kind.label]) return false;
  return kind.alsoIdle !== true || growth.some(({ follows }) => follows === 'time');
}
