import type { Conclusion } from '../plan/conclusion.ts';
import type { GrowthPlanOptions } from '../plan/options.ts';
import { planGrowthCheck } from '../plan/plan-growth-check.ts';
import type { MeasuringStep, Reading } from '../plan/step.ts';

export const OPTIONS: GrowthPlanOptions = { mode: 'quick', seed: 1, idleMs: 4000 };

export interface Done {
  readonly steps: readonly MeasuringStep[];
  readonly conclusion: Conclusion;
}

/** Runs a plan on a program of 2 ms per operation whose readings follow from the operations and the time so far. */
export function runPlan(
  read: (operations: number, ms: number) => Partial<Reading>,
  options: Partial<GrowthPlanOptions> = {},
): Done {
  const plan = planGrowthCheck({ ...OPTIONS, ...options });
  const steps: MeasuringStep[] = [];
  let [ms, operations] = [0, 0];
  for (let step = plan.next(ms); step.kind !== 'end'; step = plan.next(ms)) {
    steps.push(step);
    operations += step.dose;
    const durationMs = step.dose === 0 ? 150 : 2 * step.dose;
    ms += durationMs + 100 + (step.kind === 'idle' ? step.waitMs : 0);
    plan.add(step, { types: [], channels: {}, pauseMs: 5, durationMs, ...read(operations, ms) });
  }
  return { steps, conclusion: plan.conclude() };
}

/** Instances of a type and their bytes. */
export const type = (name: string, instances: number, size = 40) => ({
  type: name,
  module: 'Shop',
  instances,
  bytes: instances * size,
});
/** What every program has. */
export const CALM = [type('Shop.Program', 1)];
