import type { Window } from '../series/window.ts';
import { mean, sum } from '../statistics/order.ts';

/** How a series of whole numbers grew over the measured rounds. */
export interface Shape {
  readonly total: number;
  readonly falls: number;
  readonly largest: number;
  /** Rounds that grew. */
  readonly events: number;
  /** Smallest growth of a round that grew: what one event adds. */
  readonly lump: number;
  /** Growth per operation in each half, by operations. */
  readonly early: number;
  readonly late: number;
  readonly operationsEarly: number;
  readonly operationsLate: number;
  readonly idleRounds: number;
  readonly idleGrew: number;
  readonly idleMean: number;
  readonly workingRounds: number;
  readonly workingGrew: number;
  readonly workingMean: number;
}

export function shapeOf(window: Window, growth: readonly number[]): Shape {
  const rises = growth.filter((value) => value > 0);
  const idle = growth.filter((_, at) => window.doses[at] === 0);
  const working = growth.filter((_, at) => window.doses[at] !== 0);
  const half = halfOf(window);
  const operationsEarly = sum(window.doses.slice(0, half));
  const operationsLate = window.operations - operationsEarly;
  return {
    total: sum(growth),
    falls: -sum(growth.filter((value) => value < 0)),
    largest: Math.max(0, ...rises),
    events: rises.length,
    lump: rises.length === 0 ? 0 : Math.min(...rises),
    early: sum(growth.slice(0, half)) / Math.max(1, operationsEarly),
    late: sum(growth.slice(half)) / Math.max(1, operationsLate),
    operationsEarly,
    operationsLate,
    idleRounds: idle.length,
    idleGrew: idle.filter((value) => value > 0).length,
    idleMean: mean(idle),
    workingRounds: working.length,
    workingGrew: working.filter((value) => value > 0).length,
    workingMean: mean(working),
  };
}

/** The block boundary after which about half of the operations come: doses may rise during a run. */
function halfOf(window: Window): number {
  let operations = 0;
  for (let at = 0; at < window.rounds; at++) {
    operations += window.doses[at] ?? 0;
    if ((at + 1) % 3 === 0 && operations >= window.operations / 2) return at + 1;
  }
  return window.rounds;
}

/** Part of the working rounds in which events as rare as these are seen at all (Poisson). */
export function expectedShare(window: Window, shape: Shape): number {
  const eventsPerOperation = shape.total / Math.max(1, shape.lump) / Math.max(1, window.operations);
  return mean(window.doses.filter((dose) => dose > 0).map((dose) => 1 - Math.exp(-eventsPerOperation * dose)));
}

/** The lowest levels of 8 equal parts of the run rise without exception: something stays below what comes and goes. */
export function floorRises(levels: readonly number[], parts = 8): { rises: boolean; total: number } {
  const size = Math.floor((levels.length - 1) / parts);
  if (size < 3) return { rises: false, total: 0 };
  const floors = Array.from({ length: parts }, (_, part) =>
    Math.min(...levels.slice(1 + part * size, 1 + (part + 1) * size)),
  );
  const first = floors[0] ?? 0;
  const total = (floors.at(-1) ?? 0) - first;
  return { rises: floors.every((floor, part) => part === 0 || floor > (floors[part - 1] ?? 0)), total };
}
