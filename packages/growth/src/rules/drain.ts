import { isBytes } from '../series/series.ts';
import { type Assessment, isSuspect } from './assess.ts';
import type { Evidence } from './evidence.ts';
import type { Judgement } from './judgement.ts';
import { isNativeBytes, LEAST_JUMP } from './jumps.ts';

/** More than half of what grew was let go while the program rested: its level follows the rate of the work. */
export function drained(judgement: Judgement, evidence: Evidence): boolean {
  const { idle, measured } = evidence.marks;
  const last = idle.at(-1);
  if (last === undefined) return false;
  const levels = evidence.levels(judgement.series);
  const fallen = (levels[measured] ?? 0) - (levels[last] ?? 0);
  // What comes in steps need not have had one in the measured rounds, nor be due for one in the rest.
  if (judgement.steps === true) return fallen > 0.5 * judgement.total;
  const grown = (levels[measured] ?? 0) - (levels[0] ?? 0);
  const work = judgement.rate * evidence.operations(idle);
  return grown > 0 && fallen + work > 0.5 * grown;
}

/**
 * Suspects that were let go while the program rested. Native memory falls when the runtime frees arenas of its own: that alone
 * clears nothing, what is alive must have been let go as well.
 */
export function drainedOf({ integers, bytes }: Assessment, evidence: Evidence): ReadonlySet<Judgement> {
  const gone = [...integers, ...bytes].filter((one) => isSuspect(one) && drained(one, evidence));
  const alive = gone.some(({ series: { channel } }) => !isBytes(channel) || channel === 'managedBytes');
  return new Set(gone.filter(({ series: { channel } }) => alive || !isBytes(channel)));
}

/** What drives growth without operations, told by a wait many times as long as a round. */
export type RestDriver = 'time' | 'reading' | 'nothing';

const LEAST = 3;
/** Growth whose absence means something. */
const LEAST_EXPECTED = 10;
/** Waits shorter than this many rounds tell nothing. */
const LEAST_CONTRAST = 3;

export function restDriver(judgement: Judgement, evidence: Evidence): RestDriver {
  const { idle } = evidence.marks;
  const levels = evidence.levels(judgement.series);
  const bytes = isBytes(judgement.series.channel);
  if (judgement.status === 'candidate') return besideWork(judgement, evidence);
  // What does not follow the operations is told by all rounds, which are more than those without any.
  const positions = evidence.measured();
  const [grown, wall, rounds] = [evidence.growth(levels, positions), evidence.wallMs(positions), positions.length];
  if (grown < LEAST) return 'nothing';
  const waited = evidence.wallMs(idle);
  const usual = wall / Math.max(1, rounds);
  if (idle.length === 0 || !(waited > LEAST_CONTRAST * usual)) return judgement.status === 'idle' ? 'time' : 'nothing';
  const byWork = judgement.status === 'unsure' ? Math.max(0, judgement.rate * evidence.operations(idle)) : 0;
  const rested = evidence.growth(levels, idle) - byWork;
  const predicted = (grown / wall) * waited;
  const enough = bytes || rested >= LEAST + Math.sqrt(byWork);
  if (isArena(judgement, evidence)) return 'nothing';
  if (rested >= 0.5 * predicted && enough) return 'time';
  if (judgement.status === 'idle') {
    // Either of two: as much as so much time makes, or as much as one more reading.
    const byReading = judgement.idlePerRound * idle.length;
    if (rested >= Math.sqrt(predicted * byReading) && enough) return 'time';
    return rested >= 0.5 * byReading ? 'reading' : 'nothing';
  }
  return 'nothing';
}

/** Of what follows the operations: whether time makes it grow as well. */
function besideWork(judgement: Judgement, evidence: Evidence): RestDriver {
  const { idle } = evidence.marks;
  const levels = evidence.levels(judgement.series);
  const { perOperation, perMs } = splitRates(judgement, evidence);
  const still = evidence.measured(true);
  const byTime = perMs * evidence.wallMs([...still, ...idle]);
  // Operations of the rest grow by chance too.
  const byChance = 3 * Math.sqrt(Math.max(0, perOperation) * evidence.operations(idle));
  const large = byTime > 0.25 * judgement.total;
  const seen = large || (!isBytes(judgement.series.channel) && evidence.growth(levels, still) > 0);
  return seen && !isArena(judgement, evidence) && byTime >= LEAST + byChance ? 'time' : 'nothing';
}

/** Part of the growth of the rest, by time, which rounds without operations show where it is time that makes it. */
const ALSO_STILL = 0.25;

/** A megabyte of native memory came in the rest, and next to nothing in the rounds without operations: time does not make it. */
function isArena({ series, rate }: Judgement, evidence: Evidence): boolean {
  if (!isNativeBytes(series.channel)) return false;
  const levels = evidence.levels(series);
  const { idle } = evidence.marks;
  const rested = evidence.growth(levels, idle) - rate * evidence.operations(idle);
  const still = evidence.measured(true);
  const expected = (rested / Math.max(1, evidence.wallMs(idle))) * evidence.wallMs(still);
  return rested >= LEAST_JUMP && evidence.growth(levels, still) < ALSO_STILL * expected;
}

/** Part of what it grew by in the same time that still counts as nothing. */
const ENDED = 0.1;

/** It grew with time, and in the last of two waits not any more. */
export function restedAtLimit(judgement: Judgement, evidence: Evidence): boolean {
  const last = evidence.marks.idle.at(-1);
  if (last === undefined || evidence.marks.idle.length < 2) return false;
  const levels = evidence.levels(judgement.series);
  const measured = evidence.measured();
  const expected = (evidence.growth(levels, measured) / evidence.wallMs(measured)) * evidence.wallMs([last]);
  // As much as in a round without operations may be what each reading adds.
  const most = Math.min(ENDED * expected, 0.5 * judgement.idlePerRound);
  return expected >= LEAST_EXPECTED && evidence.growth(levels, [last]) <= most;
}

export interface Rates {
  readonly perOperation: number;
  readonly perMs: number;
}

/**
 * Splits growth into what operations and what time make, because rounds with more operations also last longer: two equations,
 * one from all measured rounds, one from those without operations and the rest. All of it is work's where time makes nothing.
 */
export function splitRates(judgement: Judgement, evidence: Evidence): Rates {
  const levels = evidence.levels(judgement.series);
  const all = evidence.measured();
  const still = [...evidence.measured(true), ...evidence.marks.idle];
  const [operations, wall, grown] = [evidence.operations(all), evidence.wallMs(all), evidence.growth(levels, all)];
  const [few, stillWall, stillGrown] = [
    evidence.operations(still),
    evidence.wallMs(still),
    evidence.growth(levels, still),
  ];
  const determinant = operations * stillWall - few * wall;
  const perMs = determinant > 0 ? (operations * stillGrown - few * grown) / determinant : 0;
  if (!(perMs > 0)) return { perOperation: grown / Math.max(1, operations), perMs: 0 };
  return { perOperation: (grown - perMs * wall) / Math.max(1, operations), perMs };
}
