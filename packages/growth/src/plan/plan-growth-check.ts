import { AdaptivePlan } from './adaptive-plan.ts';
import type { GrowthPlan } from './growth-plan.ts';
import type { GrowthPlanOptions } from './options.ts';
import { settingsOf } from './settings.ts';

/** A new check. Options that are no numbers fall back to their defaults. */
export function planGrowthCheck(options: GrowthPlanOptions): GrowthPlan {
  return new AdaptivePlan(settingsOf(options));
}
