import type { Assessment } from '../rules/assess.ts';
import { isSuspect } from '../rules/assess.ts';
import { drifts } from '../rules/decide.ts';
import type { Judgement } from '../rules/judgement.ts';
import type { Settings } from './settings.ts';

/** What to do when the measured rounds so far have been judged. */
export type NextStage =
  | { readonly kind: 'measure'; readonly until: number; readonly dose: number }
  | { readonly kind: 'confirm' }
  | { readonly kind: 'end' };

/** Rounds more, with larger doses, for own types that grew by one or two. */
const HINT_ROUNDS = 6;
/** Events per round wanted of a rare leak. */
const WANTED_EVENTS = 6;
/** Rounds of larger doses may last this long. */
const LONGEST_ROUND_MS = 750;
const MOST_TIMES = 12;

export interface StageFacts {
  readonly rounds: number;
  readonly dose: number;
  readonly operationMs: number;
  /** Rate of own types that grow by very few, 0 when there are none. */
  readonly rareRate: number;
  /** A surge is possible: it decides faster than more rounds. */
  readonly surge: boolean;
}

export function nextStage(assessment: Assessment, facts: StageFacts, settings: Settings): NextStage {
  const { integers, bytes } = assessment;
  const [clear, suspects, most] = settings.targets;
  const found = integers.filter(({ status }) => status === 'candidate');
  const settledDrift = !facts.surge && facts.rounds >= suspects;
  const unsure = integers.filter((one) => one.status === 'unsure' && !(settledDrift && drifts(one)));
  const unsureBytes = bytes.filter(({ status }) => status === 'unsure' || status === 'candidate');
  const hints = integers.filter(({ hint }) => hint);
  const more = (until: number): NextStage => ({
    kind: 'measure',
    until,
    dose: largerDose(
      [...unsure, ...hints].map(({ rate }) => rate),
      facts,
    ),
  });
  // Without a surge a plain leak takes more rounds, one that may be a late start of the platform takes all of them.
  const needed = found.some(isPlain) ? suspects : most;
  if (found.length > 0 && (facts.surge || facts.rounds >= needed)) return { kind: 'confirm' };
  if (found.length + unsure.length + unsureBytes.length > 0) {
    if (facts.rounds < suspects) return more(suspects);
    const settled = facts.surge && (settings.mode === 'quick' || unsureBytes.length === 0);
    return facts.rounds < most && !settled ? more(most) : { kind: 'confirm' };
  }
  if ((hints.length > 0 || facts.rareRate > 0) && facts.rounds < clear + HINT_ROUNDS && facts.rounds < suspects) {
    return more(Math.min(clear + HINT_ROUNDS, suspects));
  }
  // Arenas of the compiler came and went: of more rounds they are few enough to be left out.
  if (bytes.some(({ hint }) => hint) && facts.rounds < suspects) return more(suspects);
  const idle = [...integers, ...bytes].some(isSuspect);
  return idle ? { kind: 'confirm' } : { kind: 'end' };
}

function isPlain({ series: { own, channel }, rate }: Judgement): boolean {
  return own || rate >= 0.5 || channel === 'fileDescriptors' || channel === 'sockets';
}

/** Rare events need more operations per round, not more rounds. */
function largerDose(rare: readonly number[], { dose, operationMs, rareRate }: StageFacts): number {
  const rates = [...rare, rareRate].filter((rate) => rate > 0);
  if (rates.length === 0) return dose;
  const wanted = WANTED_EVENTS / Math.min(...rates);
  const fits = LONGEST_ROUND_MS / Math.max(operationMs, 1e-6);
  return Math.max(dose, Math.round(Math.min(wanted, fits, dose * MOST_TIMES)));
}
