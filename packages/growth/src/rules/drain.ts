import type { Evidence } from './evidence.ts';
import type { Judgement } from './judgement.ts';

/** More than half of what grew was let go while the program rested: its level follows the rate of the work. */
export function drained(judgement: Judgement, evidence: Evidence): boolean {
  const { idle, measured } = evidence.marks;
  const last = idle.at(-1);
  if (last === undefined) return false;
  const levels = evidence.levels(judgement.series);
  const grown = (levels[measured] ?? 0) - (levels[0] ?? 0);
  const work = judgement.rate * evidence.operations(idle);
  return grown > 0 && (levels[measured] ?? 0) + work - (levels[last] ?? 0) > 0.5 * grown;
}

/** What drives growth without operations, told by a wait many times as long as a round. */
export type RestDriver = 'time' | 'reading' | 'nothing';

const LEAST = 3;
/** Waits shorter than this many rounds tell nothing. */
const LEAST_CONTRAST = 3;

export function restDriver(judgement: Judgement, evidence: Evidence): RestDriver {
  const { idle } = evidence.marks;
  const levels = evidence.levels(judgement.series);
  const bytes = judgement.series.channel.endsWith('Bytes') || judgement.series.channel.startsWith('privateBytes');
  const timed = judgement.status === 'candidate';
  // What also grows with the operations is told by the rounds without them, what does not by all rounds, which are more.
  const positions = evidence.measured(timed);
  const [grown, wall, rounds] = [evidence.growth(levels, positions), evidence.wallMs(positions), positions.length];
  if (grown < (timed ? 2 : LEAST)) return 'nothing';
  const waited = evidence.wallMs(idle);
  const usual = wall / Math.max(1, rounds);
  if (idle.length === 0 || !(waited > LEAST_CONTRAST * usual)) return judgement.status === 'idle' ? 'time' : 'nothing';
  const rested = evidence.growth(levels, idle) - (timed ? judgement.rate * evidence.operations(idle) : 0);
  const predicted = (grown / wall) * waited;
  if (rested >= 0.5 * predicted && (bytes || rested >= LEAST)) return 'time';
  if (judgement.status === 'idle') return rested >= 0.5 * judgement.idlePerRound * idle.length ? 'reading' : 'nothing';
  return 'nothing';
}

/** Growth per ms that goes on without operations. */
export function idleRate(judgement: Judgement, evidence: Evidence): number {
  const still = evidence.measured(true);
  const wall = evidence.wallMs(still);
  return wall === 0 ? 0 : Math.max(0, evidence.growth(evidence.levels(judgement.series), still)) / wall;
}
