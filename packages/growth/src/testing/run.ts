import type { Conclusion } from '../plan/conclusion.ts';
import { planGrowthCheck } from '../plan/plan-growth-check.ts';
import { backdrop } from './backdrop.ts';
import type { Kind } from './kind.ts';
import { SimulatedProgram } from './program.ts';

export interface KindRun {
  readonly conclusion: Conclusion;
  /** Simulated time of the whole check, and the part of it that operations took. */
  readonly ms: number;
  readonly operationMs: number;
}

/** One whole check of a simulated program. */
export function runKind(kind: Kind, seed: number, mode: 'quick' | 'thorough' = 'quick'): KindRun {
  const program = new SimulatedProgram({
    parts: [backdrop(), ...kind.parts()],
    operationMs: kind.operationMs ?? 1,
    seed: seed * 7919 + 13,
  });
  const plan = planGrowthCheck({ mode, seed, idleMs: 4000, ...kind.options });
  let operationMs = 0;
  for (let step = plan.next(program.ms); step.kind !== 'end'; step = plan.next(program.ms)) {
    const reading = program.run(step);
    operationMs += reading.durationMs;
    plan.add(step, reading);
  }
  return { conclusion: plan.conclude(), ms: program.ms, operationMs };
}
